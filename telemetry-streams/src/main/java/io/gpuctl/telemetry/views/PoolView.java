package io.gpuctl.telemetry.views;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.FactOrder;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pool as the facts tell it. Maps hold only counts above 0.
 *
 * @param readerVersion what a program must know to read the pool's facts, and so the rest of this; absent is the first
 * @param sequence the last fact that was applied
 * @param settings absent until the pool was configured
 * @param gpusTotal GPUs of all nodes that ever registered
 * @param gpusUp GPUs of nodes that are up
 * @param gpuMilliAllocated held by tasks, in thousandths of a GPU; includes what outlives its attempt on a lost node
 * @param gpuMilliAway that part of it which is held on nodes that are not up; absent of a view stored before this was counted
 * @param tasksByState tasks that the views remember; a submission that the orchestrator has not confirmed is not here
 * @param tasksForgotten finished tasks that were dropped, see {@link PoolSettings#finishedTasksKept}
 * @param forgottenSequence the fact with which the last of them ended: all that ended before it are dropped
 * @param nodesByHealth likewise of how well they are
 * @param gpusOut GPUs that do not work, of nodes that are up
 * @param requeuesByReason how many attempts ended without success and were followed by another wait, by why they ended
 * @param lostWorkMs work that was done and must be done again, by the nodes' own word, ms at full clock
 * @param energyMj what attempts that ended have drawn, by the nodes' word, mJ: see {@link ClusterEvent#energyMj}
 * @param service for how long GPUs were out of service for a fault, and how long it took until they were back
 * @param factsMissing how many sequence numbers were skipped: not 0 means that facts were lost, and the views are wrong
 * @param factsUnmatched how many facts spoke of a task or node that the views do not have, or did not fit its state, or came
 *     from beyond a gap alone
 * @param sequenceAhead the number of a fact that came from beyond a gap since, and was not applied; 0 if none did
 */
public record PoolView(
        PoolId pool,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) ReaderVersion readerVersion,
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
        long factsUnmatched,
        Map<NodeHealth, Integer> nodesByHealth,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int gpusOut,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<EndReason, Long> requeuesByReason,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long lostWorkMs,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = ServiceTotals.Nothing.class)
        ServiceTotals service,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long sequenceAhead,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long gpuMilliAway) {
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: views stored before there were these
    public PoolView {
        nodesByState = ordered(NodeState.class, nodesByState);
        tasksByState = ordered(TaskState.class, tasksByState);
        nodesByHealth = ordered(NodeHealth.class, nodesByHealth == null ? byStateAlone(nodesByState) : nodesByHealth);
        requeuesByReason = ordered(EndReason.class, requeuesByReason == null ? Map.of() : requeuesByReason);
        service = service == null ? ServiceTotals.NONE : service;
        readerVersion = readerVersion == null ? ReaderVersion.FIRST : readerVersion;
    }

    /** Nobody could cordon a node then, and no GPU was out. */
    private static Map<NodeHealth, Integer> byStateAlone(Map<NodeState, Integer> nodesByState) {
        Map<NodeHealth, Integer> byHealth = new EnumMap<>(NodeHealth.class);
        nodesByState.forEach(
                (state, count) -> byHealth.merge(NodeHealth.of(state, false, false, false), count, Integer::sum));
        return byHealth;
    }

    /** A pool of which nothing is known. */
    public static PoolView empty(PoolId pool) {
        return new PoolView(
                pool,
                ReaderVersion.FIRST,
                0,
                null,
                Map.of(),
                0,
                0,
                0,
                Map.of(),
                0,
                0,
                0,
                0,
                Map.of(),
                0,
                Map.of(),
                0,
                0,
                ServiceTotals.NONE,
                0,
                0L);
    }

    /** What tasks hold on nodes that are up, in thousandths of a GPU. */
    public long gpuMilliAllocatedUp() {
        return gpuMilliAllocated - (gpuMilliAway == null ? 0 : gpuMilliAway);
    }

    /** The same, with what is held on nodes that are not up. */
    public PoolView withGpuMilliAway(@Nullable Long gpuMilli) {
        return new PoolView(
                pool,
                readerVersion,
                sequence,
                settings,
                nodesByState,
                gpusTotal,
                gpusUp,
                gpuMilliAllocated,
                tasksByState,
                tasksForgotten,
                forgottenSequence,
                factsMissing,
                factsUnmatched,
                nodesByHealth,
                gpusOut,
                requeuesByReason,
                lostWorkMs,
                energyMj,
                service,
                sequenceAhead,
                gpuMilli);
    }

    public FactOrder order() {
        return new FactOrder(sequence, sequenceAhead);
    }

    public int nodes(NodeState state) {
        return nodesByState.getOrDefault(state, 0);
    }

    public int nodes(NodeHealth health) {
        return nodesByHealth.getOrDefault(health, 0);
    }

    public int tasks(TaskState state) {
        return tasksByState.getOrDefault(state, 0);
    }

    private static <K extends Enum<K>, N extends Number> Map<K, N> ordered(Class<K> type, Map<K, N> given) {
        Map<K, N> map = new EnumMap<>(type);
        map.putAll(given);
        return Collections.unmodifiableMap(map);
    }
}
