package io.gpuctl.audit.rules;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;

/**
 * The logs of one partition number of every topic.
 *
 * <p>Facts, placements and the stored state end at the same commit, the views at an earlier commit, and the inputs of
 * the orchestrator go further.
 *
 * @param commandsConsumed the orchestrator has processed all commands before this offset; the others are pending
 * @param reportsConsumed likewise for task-reports
 */
public record PartitionLogs(
        int partition,
        Log<Fact> facts,
        Log<TaskCommand> commands,
        Log<NodeCommand> placements,
        Log<TaskReport> reports,
        Log<NodeEvent> nodeEvents,
        Log<NodeCondition> conditions,
        long commandsConsumed,
        long reportsConsumed) {}
