package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import java.util.List;
import java.util.SortedMap;

/**
 * The complete {@link PoolState} at one moment, as values: two states are equal if their snapshots are equal.
 *
 * @param finished the finished tasks, oldest first
 */
public record PoolSnapshot(
        PoolHeader header,
        SortedMap<NodeId, NodeSnapshot> nodes,
        SortedMap<TaskId, TaskRecord> tasks,
        List<FinishedTask> finished) {}
