package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import java.util.List;

/**
 * What one input led to.
 *
 * @param facts in order; they have been folded into the state
 * @param commands what the nodes must be told of them
 */
public record Decision(List<Fact> facts, List<NodeCommand> commands) {
    static final Decision NOTHING = new Decision(List.of(), List.of());
}
