package io.gpuctl.api.events;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * Which facts a client gets: those of tasks and of nodes, and of both only what is asked for. What a node's GPUs measure is
 * never among them: it would be most of the stream, and {@code GET /nodes/{id}} has it.
 *
 * @param task only the events of this task, beside those of {@code node}
 * @param node only the events of this node, beside those of {@code task}
 */
record EventFilter(@Nullable TaskId task, @Nullable NodeId node) {

    /** Everything. */
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
