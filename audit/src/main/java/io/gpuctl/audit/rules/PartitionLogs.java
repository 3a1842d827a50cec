package io.gpuctl.audit.rules;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;

/**
 * What one partition number of every topic holds.
 *
 * <p>Facts, placements and the stored state are as of one commit, the views of one before it, and what the orchestrator
 * reads goes further.
 *
 * @param commandsConsumed the orchestrator has decided all commands before this offset; those after it are pending
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
