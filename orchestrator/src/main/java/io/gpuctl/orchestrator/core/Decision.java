package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import java.util.List;

/**
 * The result of one input.
 *
 * @param facts in order; already folded into the state
 * @param commands the commands to the nodes that follow from the facts
 */
public record Decision(List<Fact> facts, List<NodeCommand> commands) {
    static final Decision NOTHING = new Decision(List.of(), List.of());
}
