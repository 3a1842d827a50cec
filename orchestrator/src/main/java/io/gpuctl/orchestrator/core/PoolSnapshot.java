package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import java.util.List;
import java.util.SortedMap;

/**
 * The whole of a {@link PoolState} at one moment, as values: two states are equal if their snapshots are.
 *
 * @param finished the oldest first
 */
public record PoolSnapshot(
        PoolHeader header,
        SortedMap<NodeId, NodeSnapshot> nodes,
        SortedMap<TaskId, TaskRecord> tasks,
        List<FinishedTask> finished) {}
