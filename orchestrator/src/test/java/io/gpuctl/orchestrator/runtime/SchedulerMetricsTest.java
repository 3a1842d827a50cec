package io.gpuctl.orchestrator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.policy.Policies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Metrics of a pool with one node of 4 GPUs, at a cluster time of 100 s. */
class SchedulerMetricsTest {
    private static final Cause CAUSE = new Cause("topic", 0, 0);

    private long nowMs = 100_000;
    private final ClusterClock clock = ClusterClock.wall().following(() -> nowMs);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SchedulerMetrics metrics = new SchedulerMetrics(registry, clock);
    private final PoolState state = new PoolState(PoolId.DEFAULT);
    private final PoolOrchestrator orchestrator =
            new PoolOrchestrator(state, "one", PoolSettings.withPolicy(PolicySpec.named("fifo")), Policies::create);

    SchedulerMetricsTest() {
        var node =
                new NodeInventory(new NodeId("a"), PoolId.DEFAULT, "A100", 4, 80_000, 16_000, 64_000, 60, 400, 25, 85);
        orchestrator.on(new NodeEvent.Registered(node, 1, nowMs), CAUSE);
    }

    private Map<String, Double> collected() {
        Map<String, Double> series = new TreeMap<>();
        metrics.collect(
                (metric, value, labels) -> assertThat(series.put(metric.prometheusName() + List.of(labels), value))
                        .isNull());
        return series;
    }

    private Decision submit(String id, int gpus) {
        var task = TaskSpec.of(new TaskId(id), GpuRequest.whole(gpus, 0), Work.lasting(1_000));
        return orchestrator.on(new TaskCommand.SubmitTask(task, nowMs), CAUSE);
    }

    @Test
    void tellsOfAPoolForAsLongAsItIsDecidedForHere() {
        assertThat(collected()).containsOnlyKeys("gpuctl_instance_active[orchestrator]");

        metrics.partitionOpened();
        PoolMetrics pool = metrics.open(state);
        assertThat(collected())
                .containsEntry("gpuctl_instance_active[orchestrator]", 1.0)
                .containsEntry("gpuctl_gpus_free[default]", 4.0)
                .containsEntry("gpuctl_tasks_waiting[default, insufficient_gpus]", 0.0)
                .containsEntry("gpuctl_facts_total[default, task_placed]", 0.0);

        metrics.close(pool);
        metrics.partitionClosed();
        assertThat(collected()).isEqualTo(Map.of("gpuctl_instance_active[orchestrator]", 0.0));
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void tellsWhatWasWrittenAndHowLongTasksWait() {
        Decision first = submit("first", 3);
        Decision second = submit("second", 3);
        PoolMetrics pool = metrics.open(state);
        nowMs += 40;
        first.facts().forEach(fact -> pool.wrote(fact, nowMs));
        second.facts().forEach(fact -> pool.wrote(fact, nowMs));
        pool.decided(first, 2_000_000);
        nowMs += 6_960;

        assertThat(collected())
                .containsEntry("gpuctl_submissions_total[default, accepted]", 2.0)
                .containsEntry("gpuctl_placements_total[default]", 1.0)
                .containsEntry("gpuctl_tasks_waiting[default, insufficient_gpus]", 1.0)
                .containsEntry("gpuctl_queue_oldest_wait_seconds[default, normal]", 7.0)
                .containsEntry("gpuctl_queue_oldest_wait_seconds[default, high]", 0.0)
                .containsEntry("gpuctl_gpus_free_unusable[default]", 1.0);
        assertThat(registry.get("gpuctl_submission_to_placement").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(40);
        assertThat(registry.get("gpuctl_scheduling_pass").timer().count()).isEqualTo(1);
    }

    @Test
    void aDecisionThatChangedNothingIsNone() {
        PoolMetrics pool = metrics.open(state);

        pool.decided(new Decision(List.of(), List.of()), 10_000);

        assertThat(registry.get("gpuctl_scheduling_pass").timer().count()).isZero();
    }
}
