package io.gpuctl.telemetry.core;

import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pool as the facts tell it. Maps hold only counts above 0.
 *
 * @param sequence the last fact that was applied
 * @param settings absent until the pool was configured
 * @param gpusTotal GPUs of all nodes that ever registered
 * @param gpusUp GPUs of nodes that are up
 * @param gpuMilliAllocated held by tasks, in thousandths of a GPU; includes what outlives its attempt on a lost node
 * @param tasksByState tasks that the views remember; a submission that the orchestrator has not confirmed is not here
 * @param tasksForgotten finished tasks that were dropped, see {@link PoolSettings#finishedTasksKept}
 * @param forgottenSequence the fact with which the last of them ended: all that ended before it are dropped
 * @param factsMissing how many sequence numbers were skipped: not 0 means that facts were lost, and the views are wrong
 * @param factsUnmatched how many facts spoke of a task or node that the views do not have, or did not fit its state
 */
public record PoolView(
        PoolId pool,
        long sequence,
        @Nullable PoolSettings settings,
        Map<NodeState, Integer> nodesByState,
        int gpusTotal,
        int gpusUp,
        long gpuMilliAllocated,
        Map<TaskState, Integer> tasksByState,
        long tasksForgotten,
        long forgottenSequence,
        long factsMissing,
        long factsUnmatched) {
    public PoolView {
        nodesByState = ordered(NodeState.class, nodesByState);
        tasksByState = ordered(TaskState.class, tasksByState);
    }

    /** A pool of which nothing is known. */
    public static PoolView empty(PoolId pool) {
        return new PoolView(pool, 0, null, Map.of(), 0, 0, 0, Map.of(), 0, 0, 0, 0);
    }

    public int nodes(NodeState state) {
        return nodesByState.getOrDefault(state, 0);
    }

    public int tasks(TaskState state) {
        return tasksByState.getOrDefault(state, 0);
    }

    private static <K extends Enum<K>> Map<K, Integer> ordered(Class<K> type, Map<K, Integer> given) {
        Map<K, Integer> map = new EnumMap<>(type);
        map.putAll(given);
        return Collections.unmodifiableMap(map);
    }
}
