package io.gpuctl.cli.verify.rules;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;

/**
 * What one partition number of every topic holds.
 *
 * <p>In a running cluster the topics were not read at one moment. So that this raises no false alarm, the reader says how
 * far each must agree with the others.
 *
 * @param commandsConsumed the orchestrator has decided all commands before this offset; those after it are pending
 * @param reportsConsumed likewise for task-reports
 * @param factsSettled the stored states are at least as new as the facts before this offset
 * @param placementsSettled the facts are at least as new as the node commands before this offset
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
        long reportsConsumed,
        long factsSettled,
        long placementsSettled) {}
