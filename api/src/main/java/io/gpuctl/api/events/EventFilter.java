package io.gpuctl.api.events;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * Selects the facts that a client gets: the facts about tasks and nodes that the client asked for. Measurements of a
 * node's GPUs are never included: they would be most of the stream, and {@code GET /nodes/{id}} returns them.
 *
 * @param task only the events of this task, in addition to those of {@code node}
 * @param node only the events of this node, in addition to those of {@code task}
 */
record EventFilter(@Nullable TaskId task, @Nullable NodeId node) {

    /** Selects all facts about tasks and nodes, except measurements. */
    static final EventFilter NONE = new EventFilter(null, null);

    boolean matches(ClusterEvent event) {
        boolean all = task == null && node == null;
        return switch (event) {
            case ClusterEvent.NodeConditionChanged _,
                    ClusterEvent.OrchestratorStarted _,
                    ClusterEvent.PoolConfigured _,
                    ClusterEvent.ClockSetBack _,
                    ClusterEvent.SchedulerRan _ -> false;
            case ClusterEvent.OfTask ofTask -> all || ofTask.taskId().equals(task);
            case ClusterEvent.OfNode ofNode -> all || ofNode.nodeId().equals(node);
        };
    }
}
