package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * The changes to store for a {@link PoolState}; an empty value means that the entry must be deleted. Nodes are never
 * deleted.
 *
 * @param tasks all tasks in which anything has changed
 * @param members the indexes of the changed members, for tasks in which nothing else has changed
 */
public record StateChange(
        PoolHeader header,
        SortedMap<NodeId, NodeSnapshot> nodes,
        SortedMap<TaskId, Optional<TaskRecord>> tasks,
        SortedMap<TaskId, SortedSet<Integer>> members,
        SortedMap<TaskId, Optional<FinishedTask>> finished) {}
