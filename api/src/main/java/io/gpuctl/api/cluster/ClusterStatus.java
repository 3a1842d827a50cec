package io.gpuctl.api.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.views.RunningUse;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskState;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.conditions.TelemetrySummary.HottestGpu;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.ServiceTotals;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The cluster as a whole. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "The cluster as a whole.")
record ClusterStatus(
        @Schema(description = "Cluster time now.") Instant clusterTime,

        @Schema(description = "Seconds of cluster time per second of wall-clock time.", examples = "1")
        double speed,

        @Schema(description = "Nodes by state.", examples = "{\"up\": 32, \"suspect\": 0, \"lost\": 0, \"down\": 0}")
        Map<NodeState, Integer> nodes,

        @Schema(
                description = "Nodes by health.",
                examples =
                        "{\"lost\": 0, \"suspect\": 0, \"draining\": 0, \"cordoned\": 1, \"degraded\": 0, \"healthy\": 31}")
        Map<NodeHealth, Integer> nodesByHealth,

        Gpus gpus,

        @Schema(description = "Tasks by state.", examples = "{\"running\": 12, \"queued\": 3}")
        Map<TaskState, Integer> tasks,

        @Schema(
                description = "Attempts that ended without success and whose task was queued again, by the reason for"
                        + " their end.",
                examples = "{\"preempted\": 4, \"hardware_fault\": 1}")
        Map<EndReason, Long> requeues,

        @Schema(
                description = "Work that was lost and must be done again, as reported by the nodes, in seconds at full"
                        + " clock.",
                examples = "812.5")
        BigDecimal lostWorkSeconds,

        @Schema(
                description = "Energy that ended attempts have drawn from their GPUs, as reported by the nodes.",
                examples = "1250000.5")
        BigDecimal energyJoules,

        @Schema(
                description = "Estimate of the energy that running attempts have drawn so far, from the last measured"
                        + " power of their GPUs; not yet included in energy_joules.",
                examples = "920000000.25")
        BigDecimal runningEnergyEstimateJoules,

        @Schema(description = "How often a node or a single GPU returned to service after a fault.", examples = "3")
        long repairs,

        @Schema(
                description = "Mean time until these nodes and GPUs returned to service, seconds; absent before"
                        + " the first return.",
                examples = "412.5")
        @Nullable
        Double mttrSeconds,

        @Schema(
                description = "GPU time out of service so far, hours: the time of GPUs that did not work, and of all"
                        + " GPUs on nodes that were silent or that the scheduler had cordoned.",
                examples = "2.75")
        double outOfServiceGpuHours,

        @Schema(
                description = "GPUs of nodes that sent telemetry within the last five seconds, or three intervals of"
                        + " telemetry. The measurements below cover only these GPUs.",
                examples = "248")
        int gpusMeasured,

        @Schema(description = "Mean over the measured GPUs, 0 to 1; absent if there are none.", examples = "0.62")
        @Nullable
        Double meanUtilization,

        @Schema(description = "Over the measured GPUs; absent if there are none.", examples = "48200") @Nullable
        Double totalPowerWatts,

        @Schema(description = "Measured GPUs whose clock is lowered by heat.", examples = "0")
        int throttledGpus,

        @Schema(description = "Over the measured GPUs; absent if there are none.") @Nullable
        Hottest hottestGpu,

        List<Pool> pools) {

    private static final double MS_PER_HOUR = 3_600_000;

    /** GPUs; 0.5 is half a GPU. */
    @Schema(name = "GpuCounts", description = "GPUs; 0.5 is half a GPU.")
    record Gpus(
            @Schema(description = "GPUs of all nodes that ever registered.", examples = "256")
            int total,

            @Schema(description = "GPUs of nodes that are up.", examples = "256")
            int up,

            @Schema(description = "GPUs that do not work, on nodes that are up.", examples = "1")
            int out,

            @Schema(description = "GPUs that tasks hold, on nodes that are up.", examples = "100.5")
            BigDecimal allocated,

            @Schema(description = "Working GPUs that no task holds, on nodes that are up.", examples = "155.5")
            BigDecimal idle) {

        static Gpus of(Collection<PoolView> pools) {
            int total = pools.stream().mapToInt(PoolView::gpusTotal).sum();
            int up = pools.stream().mapToInt(PoolView::gpusUp).sum();
            int out = pools.stream().mapToInt(PoolView::gpusOut).sum();
            long milli = pools.stream().mapToLong(PoolView::gpuMilliAllocatedUp).sum();
            var allocated = BigDecimal.valueOf(milli, 3);
            var idle = BigDecimal.valueOf(up - out).subtract(allocated).max(BigDecimal.ZERO);
            return new Gpus(total, up, out, allocated, idle);
        }
    }

    /** The GPU with the highest temperature. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "HottestGpu")
    record Hottest(
            @Schema(examples = "7") String node,

            @Schema(description = "Index of the GPU in its node.", examples = "3")
            int gpu,

            @Schema(examples = "81.4") double temperatureCelsius) {

        static @Nullable Hottest of(@Nullable HottestGpu hottest) {
            return hottest == null
                    ? null
                    : new Hottest(hottest.nodeId().value(), hottest.gpu(), hottest.temperatureCelsius());
        }
    }

    /** One pool. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "PoolStatus")
    record Pool(
            @Schema(examples = "default") String pool,
            @Schema(description = "Nodes by state.") Map<NodeState, Integer> nodes,
            Gpus gpus,
            @Schema(description = "Tasks by state.") Map<TaskState, Integer> tasks,

            @Schema(description = "Finished tasks that the API no longer keeps.")
            long tasksForgotten,

            @Schema(description = "Energy that ended attempts have drawn from their GPUs, as reported by the nodes.")
            BigDecimal energyJoules,

            @Schema(description = "Estimate of the energy that running attempts have drawn so far.")
            BigDecimal runningEnergyEstimateJoules,

            @Schema(description = "How often a node or a single GPU returned to service after a fault.")
            long repairs,

            @Schema(
                    description = "Mean time until these nodes and GPUs returned to service, seconds; absent"
                            + " before the first return.")
            @Nullable
            Double mttrSeconds,

            @Schema(description = "GPU time out of service because of faults so far, hours.")
            double outOfServiceGpuHours,

            @Schema(description = "The policy in force; absent until an orchestrator has configured the pool.")
            @Nullable
            Policy policy) {

        static Pool of(PoolView view, RunningUse running, long nowMs) {
            return new Pool(
                    view.pool().value(),
                    ClusterStatus.nodes(List.of(view)),
                    Gpus.of(List.of(view)),
                    ClusterStatus.tasks(List.of(view)),
                    view.tasksForgotten(),
                    drawnJoules(List.of(view)),
                    running.of(view.pool()).energyJoules(),
                    view.service().repairs(),
                    view.service().mttrSeconds(),
                    view.service().outGpuMs(nowMs) / MS_PER_HOUR,
                    Policy.of(view.settings()));
        }
    }

    /** The policy in force. */
    @Schema(name = "PolicyInForce")
    record Policy(
            @Schema(examples = "fifo") String name,
            Map<String, Double> weights,
            long seed,

            @Schema(description = "Whether scheduling passes run only on request.")
            boolean manual) {

        static @Nullable Policy of(@Nullable PoolSettings settings) {
            return settings == null
                    ? null
                    : new Policy(
                            settings.policy().name(),
                            settings.policy().weights(),
                            settings.policy().seed(),
                            settings.manual());
        }
    }

    static ClusterStatus of(ClusterClock clock, List<PoolView> pools, TelemetrySummary summary, RunningUse running) {
        long nowMs = clock.nowMs();
        var service = pools.stream().map(PoolView::service).reduce(ServiceTotals.NONE, ServiceTotals::plus);
        return new ClusterStatus(
                Instant.ofEpochMilli(nowMs),
                clock.speed(),
                nodes(pools),
                nodesByHealth(pools),
                Gpus.of(pools),
                tasks(pools),
                requeues(pools),
                BigDecimal.valueOf(
                        pools.stream().mapToLong(PoolView::lostWorkMs).sum(), 3),
                drawnJoules(pools),
                running.total().energyJoules(),
                service.repairs(),
                service.mttrSeconds(),
                service.outGpuMs(nowMs) / MS_PER_HOUR,
                summary.gpus(),
                summary.gpus() == 0 ? null : Double.valueOf(summary.meanUtilization()),
                summary.gpus() == 0 ? null : Double.valueOf(summary.totalPowerWatts()),
                summary.throttledGpus(),
                Hottest.of(summary.hottest()),
                pools.stream().map(pool -> Pool.of(pool, running, nowMs)).toList());
    }

    private static BigDecimal drawnJoules(List<PoolView> pools) {
        return BigDecimal.valueOf(pools.stream().mapToLong(PoolView::energyMj).sum(), 3);
    }

    /** Counts nodes by state. Includes states without nodes, so that a client need not guess the names. */
    private static Map<NodeState, Integer> nodes(List<PoolView> pools) {
        var counts = new EnumMap<NodeState, Integer>(NodeState.class);
        for (var state : NodeState.values()) {
            counts.put(state, pools.stream().mapToInt(pool -> pool.nodes(state)).sum());
        }
        return counts;
    }

    private static Map<NodeHealth, Integer> nodesByHealth(List<PoolView> pools) {
        var counts = new EnumMap<NodeHealth, Integer>(NodeHealth.class);
        for (var health : NodeHealth.values()) {
            counts.put(
                    health, pools.stream().mapToInt(pool -> pool.nodes(health)).sum());
        }
        return counts;
    }

    private static Map<EndReason, Long> requeues(List<PoolView> pools) {
        var counts = new EnumMap<EndReason, Long>(EndReason.class);
        for (var reason : EndReason.values()) {
            counts.put(
                    reason,
                    pools.stream()
                            .mapToLong(pool -> pool.requeuesByReason().getOrDefault(reason, 0L))
                            .sum());
        }
        return counts;
    }

    private static Map<TaskState, Integer> tasks(List<PoolView> pools) {
        var counts = new EnumMap<TaskState, Integer>(TaskState.class);
        for (var state : TaskState.values()) {
            counts.put(state, pools.stream().mapToInt(pool -> pool.tasks(state)).sum());
        }
        return counts;
    }
}
