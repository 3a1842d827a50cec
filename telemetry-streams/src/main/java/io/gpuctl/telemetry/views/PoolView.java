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
 * A pool according to the facts. Maps hold only counts above 0.
 *
 * @param readerVersion version of a program that can read the pool's facts, and so this view; absent means the first
 * @param sequence the last applied fact
 * @param settings absent until the pool was configured
 * @param gpusTotal GPUs of all nodes that ever registered
 * @param gpusUp GPUs of nodes that are up
 * @param gpuMilliAllocated held by tasks, in thousandths of a GPU; includes allocations of ended attempts on lost nodes
 * @param gpuMilliAway the part of it on nodes that are not up; absent in a view stored before this was counted
 * @param tasksByState tasks in the views, without submissions that the orchestrator has not confirmed
 * @param tasksForgotten finished tasks that were removed, see {@link PoolSettings#finishedTasksKept}
 * @param forgottenSequence the fact that ended the last of them; all tasks that ended earlier are removed
 * @param nodesByHealth nodes by health
 * @param gpusOut GPUs out of service, on nodes that are up
 * @param requeuesByReason number of attempts that ended without success and whose task was requeued, by reason
 * @param lostWorkMs work that must be done again, as reported by the nodes, ms at full clock
 * @param energyMj energy of ended attempts, as reported by the nodes, mJ: see {@link ClusterEvent#energyMj}
 * @param service how long GPUs were out of service because of faults, and how long repairs took
 * @param factsMissing number of skipped sequence numbers; if not 0, facts were lost and the views are wrong
 * @param factsUnmatched number of facts about an unknown task or node, facts that did not fit its state, and single
 *     facts from beyond a gap
 * @param sequenceAhead sequence of a later fact from beyond a gap that was not applied; 0 if there was none
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
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: views stored by older programs
    public PoolView {
        nodesByState = ordered(NodeState.class, nodesByState);
        tasksByState = ordered(TaskState.class, tasksByState);
        nodesByHealth = ordered(NodeHealth.class, nodesByHealth == null ? byStateAlone(nodesByState) : nodesByHealth);
        requeuesByReason = ordered(EndReason.class, requeuesByReason == null ? Map.of() : requeuesByReason);
        service = service == null ? ServiceTotals.NONE : service;
        readerVersion = readerVersion == null ? ReaderVersion.FIRST : readerVersion;
    }

    /** Returns the health of nodes stored before nodes could be cordoned and GPUs be out of service. */
    private static Map<NodeHealth, Integer> byStateAlone(Map<NodeState, Integer> nodesByState) {
        Map<NodeHealth, Integer> byHealth = new EnumMap<>(NodeHealth.class);
        nodesByState.forEach(
                (state, count) -> byHealth.merge(NodeHealth.of(state, false, false, false), count, Integer::sum));
        return byHealth;
    }

    /** Returns a pool without facts. */
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

    /** Returns the allocation on nodes that are up, in thousandths of a GPU. */
    public long gpuMilliAllocatedUp() {
        return gpuMilliAllocated - (gpuMilliAway == null ? 0 : gpuMilliAway);
    }

    /** Returns this view with {@link #gpuMilliAway}. */
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
