package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a stored {@link PoolState} must be changed by; an empty value is to be deleted. Nodes are never deleted.
 *
 * @param tasks those in which anything has changed
 * @param members of the tasks in which nothing else has changed, the places of the members that have
 */
public record StateChange(
        PoolHeader header,
        SortedMap<NodeId, NodeSnapshot> nodes,
        SortedMap<TaskId, Optional<TaskRecord>> tasks,
        SortedMap<TaskId, SortedSet<Integer>> members,
        SortedMap<TaskId, Optional<FinishedTask>> finished) {}
