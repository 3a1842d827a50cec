package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import java.util.Optional;
import java.util.SortedMap;

/** What a stored {@link PoolState} must be changed by; an empty value is to be deleted. Nodes are never deleted. */
public record StateChange(
        PoolHeader header,
        SortedMap<NodeId, NodeSnapshot> nodes,
        SortedMap<TaskId, Optional<TaskRecord>> tasks,
        SortedMap<TaskId, Optional<FinishedTask>> finished) {}
