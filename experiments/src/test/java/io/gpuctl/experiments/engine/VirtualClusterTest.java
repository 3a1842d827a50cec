package io.gpuctl.experiments.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.NodeConditionChanged;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.RetryDue;
import io.gpuctl.events.ClusterEvent.TaskCancelled;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskFailed;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.ClusterEvent.TaskStarted;
import io.gpuctl.events.ClusterEvent.TaskSubmitted;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.simulator.cluster.ClusterShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VirtualClusterTest {
    private final List<Fact> facts = new ArrayList<>();

    @Test
    void aTaskRunsForAsLongAsItsWorkTakes() {
        VirtualCluster cluster = cluster("fifo", 1);
        cluster.submit(500, task("t", 1, 60_000));

        cluster.runToEnd();

        assertThat(atMs(TaskPlaced.class)).containsExactly(500L);
        assertThat(atMs(TaskStarted.class)).containsExactly(500L);
        assertThat(atMs(TaskCompleted.class)).containsExactly(60_500L);
    }

    @Test
    void aTaskThatWaitsIsPlacedInTheMillisecondInWhichRoomIsMade() {
        VirtualCluster cluster = cluster("fifo", 1);
        cluster.submit(0, task("first", 8, 10_000));
        cluster.submit(1_000, task("second", 8, 5_000));

        cluster.runToEnd();

        assertThat(atMs(TaskPlaced.class)).containsExactly(0L, 10_000L);
        assertThat(cluster.nowMs()).isEqualTo(15_000);
    }

    @Test
    void atOneTimeTheUsersGoBeforeTheNodes() {
        VirtualCluster cluster = cluster("fifo", 1);
        cluster.submit(0, task("first", 8, 10_000));
        cluster.submit(10_000, task("second", 8, 5_000));

        cluster.runToEnd();

        List<ClusterEvent> then = facts.stream()
                .filter(fact -> fact.atMs() == 10_000)
                .map(Fact::event)
                .toList();
        assertThat(then.getFirst()).isInstanceOf(TaskSubmitted.class);
        assertThat(of(TaskPlaced.class)).hasSize(2);
    }

    @Test
    void factsNameThePlaceOfTheirInputInItsTopic() {
        VirtualCluster cluster = cluster("fifo", 2);
        cluster.submit(0, task("a", 1, 1_000));
        cluster.submit(0, task("b", 1, 1_000));

        cluster.runToEnd();

        assertThat(causes(NodeRegistered.class))
                .extracting(Cause::source, Cause::offset)
                .satisfiesExactly(
                        cause -> assertThat(cause.toList()).containsExactly("node-events", 0L),
                        cause -> assertThat(cause.toList()).containsExactly("node-events", 1L));
        assertThat(causes(TaskSubmitted.class)).extracting(Cause::source).containsOnly("task-commands");
        assertThat(causes(TaskSubmitted.class)).extracting(Cause::offset).containsExactly(0L, 1L);
        assertThat(causes(TaskStarted.class)).extracting(Cause::source).containsOnly("task-reports");
        assertThat(causes(TaskCompleted.class)).extracting(Cause::offset).containsExactly(2L, 3L);
    }

    @Test
    void aFailedAttemptIsTriedAgainWhenItsDelayHasPassed() {
        VirtualCluster cluster = cluster("fifo", 1);
        cluster.submit(0, failing("t", 2));

        cluster.runToEnd();

        assertThat(atMs(TaskRequeued.class)).containsExactly(1_000L);
        assertThat(atMs(RetryDue.class)).containsExactly(2_000L);
        assertThat(causes(RetryDue.class)).containsExactly(Cause.TIMER);
        assertThat(atMs(TaskFailed.class)).containsExactly(3_000L);
    }

    @Test
    void manyRetriesAreAllTold() {
        VirtualCluster cluster = cluster("fifo", 1);
        for (int i = 0; i < 20; i++) {
            cluster.submit(i * 7L, failing("t" + i, 3));
        }

        cluster.runToEnd();

        assertThat(of(RetryDue.class)).hasSize(40);
        assertThat(of(TaskFailed.class)).hasSize(20);
    }

    @Test
    void aRunningTaskIsCancelled() {
        VirtualCluster cluster = cluster("fifo", 1);
        cluster.submit(0, task("t", 1, 60_000));
        cluster.cancel(10_000, new TaskId("t"));

        cluster.runToEnd();

        assertThat(atMs(TaskCancelled.class)).containsExactly(10_000L);
        assertThat(cluster.nowMs()).isEqualTo(60_000); // The planned end, at which nothing happens.
        assertThat(of(TaskCompleted.class)).isEmpty();
    }

    @Test
    void theTasksOfANodeThatGoesDownRunElsewhereOrWaitForIt() {
        VirtualCluster cluster = cluster("fifo", 2);
        cluster.submit(0, task("a", 8, 60_000));
        cluster.submit(0, task("b", 8, 60_000));
        cluster.shutDown(10_000, new NodeId("0"));
        cluster.restart(30_000, new NodeId("0"));

        cluster.runToEnd();

        assertThat(of(TaskRequeued.class)).extracting(TaskRequeued::taskId).containsExactly(new TaskId("a"));
        assertThat(atMs(TaskPlaced.class)).containsExactly(0L, 0L, 30_000L);
        assertThat(atMs(TaskCompleted.class)).containsExactly(60_000L, 90_000L);
    }

    @Test
    void theStateIsTheFoldOverTheFacts() {
        VirtualCluster cluster = cluster("intelligent", 3, new Sensing(1_000));
        for (int i = 0; i < 60; i++) {
            cluster.submit(i * 500L, i % 5 == 0 ? failing("t" + i, 2) : task("t" + i, 1 + i % 8, 20_000 + i * 100L));
        }
        cluster.shutDown(20_000, new NodeId("1"));
        cluster.restart(40_000, new NodeId("1"));

        cluster.runToEnd();

        PoolState folded = new PoolState(PoolId.DEFAULT);
        facts.forEach(folded::apply);
        assertThat(folded.snapshot()).isEqualTo(cluster.state().snapshot());
        assertThat(cluster.facts()).isEqualTo(facts.size());
    }

    @Test
    void theSameInputsGiveTheSameFacts() {
        List<Fact> once = factsOfABusyCluster();
        List<Fact> again = factsOfABusyCluster();

        assertThat(once).hasSizeGreaterThan(500).isEqualTo(again);
    }

    private List<Fact> factsOfABusyCluster() {
        facts.clear();
        VirtualCluster cluster = cluster("intelligent", 4, new Sensing(5_000));
        for (int i = 0; i < 200; i++) {
            cluster.submit(i * 700L, task("t" + i, 1 + i % 4, 30_000));
        }
        cluster.runToEnd();
        return List.copyOf(facts);
    }

    @Test
    void aNodeThatWarmsUpChangesItsConditionUntilItIsWarm() {
        VirtualCluster cluster = cluster("intelligent", 1, new Sensing(1_000));
        cluster.submit(10_000, task("t", 8, 3_600_000));

        cluster.runToEnd();

        List<NodeConditionChanged> changes = of(NodeConditionChanged.class);
        assertThat(changes).hasSizeBetween(10, 100);
        assertThat(changes.getFirst().condition().atMs()).isZero();
        assertThat(changes.getFirst().condition().gpus().getFirst().temperatureCelsius())
                .isLessThan(40);
        assertThat(changes.stream()
                        .mapToDouble(
                                change -> change.condition().gpus().getFirst().temperatureCelsius())
                        .max())
                .hasValueCloseTo(66.0, within(2.0));
    }

    /** A node at rest is not measured; one later sample makes up for the samples left out. */
    @Test
    void restingChangesNoCondition() {
        VirtualCluster resting = cluster("intelligent", 1, new Sensing(1_000));
        resting.submit(600_000, task("late", 8, 60_000));
        resting.runToEnd();
        List<NodeConditionChanged> withRest = of(NodeConditionChanged.class);

        facts.clear();
        VirtualCluster early = cluster("intelligent", 1, new Sensing(1_000));
        early.submit(5_000, task("early", 8, 60_000));
        early.runToEnd();
        List<NodeConditionChanged> without = of(NodeConditionChanged.class);

        assertThat(withRest).hasSameSizeAs(without);
        for (int i = 1; i < without.size(); i++) {
            assertThat(withRest.get(i).condition().gpus())
                    .isEqualTo(without.get(i).condition().gpus());
            assertThat(withRest.get(i).condition().atMs())
                    .isEqualTo(without.get(i).condition().atMs() + 595_000);
        }
    }

    @Test
    void nodesOfTwoPoolsAreNoCluster() {
        NodeInventory here = ClusterShape.of(1, 8, "T4").getFirst();
        NodeInventory there = new NodeInventory(
                new NodeId("other"), new PoolId("other"), "T4", 4, 16_000, 1_000, 1_000, 10, 70, 25, 85);

        assertThatThrownBy(() ->
                        new VirtualClusterConfig(List.of(here, there), PolicySpec.named("fifo"), null, Checks.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("All nodes must be in the cluster's pool");
    }

    @Test
    void whatTasksDrewAndWhatIdledIsWhatTheGpusDrew() {
        var cluster = cluster("fifo", 2);
        for (int i = 0; i < 20; i++) {
            cluster.submit(i * 1_000L, task("t" + i, 1 + i % 8, 7_000 + i * 900L));
        }
        cluster.submit(21_000, task("long", 1, 3_600_000));
        cluster.crash(15_500, new NodeId("0"));
        cluster.lose(20_000, new NodeId("0"));
        cluster.join(25_000, ClusterShape.of(2, 8, "A100-SXM4-80GB").getFirst());
        cluster.runUntil(600_000);

        PoolEnergy energy = cluster.energy();
        long tasks = energy.tasks().values().stream().mapToLong(Long::longValue).sum();
        assertThat(tasks + energy.idle()).isEqualTo(energy.gpus());
        assertThat(energy.tasks())
                .hasSize(21)
                .allSatisfy((task, drawn) -> assertThat(drawn).isPositive());
        assertThat(energy.users(task -> "ann")).containsExactly(Map.entry("ann", tasks));
    }

    @Test
    void aTaskDrawsTheSameWhoeverRunsBesideIt() {
        var cluster = cluster("fifo", 1);
        cluster.submit(0, task("alone", 2, 10_000));
        cluster.submit(0, task("beside", 4, 10_000));
        cluster.runToEnd();

        // At a utilization of 0.9: 60 + 340 x 0.9 W.
        assertThat(cluster.energy().tasks())
                .containsEntry(new TaskId("alone"), 2 * 366_000L * 10_000)
                .containsEntry(new TaskId("beside"), 4 * 366_000L * 10_000);
    }

    private VirtualCluster cluster(String policy, int nodes) {
        return cluster(policy, nodes, null);
    }

    private VirtualCluster cluster(String policy, int nodes, @Nullable Sensing sensing) {
        var config = new VirtualClusterConfig(
                ClusterShape.of(nodes, 8, "A100-SXM4-80GB"), PolicySpec.named(policy), sensing, Checks.ALL);
        return new VirtualCluster(config, Policies::create, facts::add);
    }

    private static TaskSpec task(String id, int gpus, long durationMs) {
        return TaskSpec.of(new TaskId(id), GpuRequest.whole(gpus, 0), Work.lasting(durationMs));
    }

    private static TaskSpec failing(String id, int maxAttempts) {
        return new TaskSpec(
                new TaskId(id),
                PoolId.DEFAULT,
                TaskSpec.DEFAULT_USER,
                Priority.NORMAL,
                GpuRequest.whole(1, 0),
                0,
                0,
                List.of(),
                maxAttempts,
                new Work(1_000, 0.9, 1));
    }

    private <T extends ClusterEvent> List<T> of(Class<T> type) {
        return facts.stream()
                .map(Fact::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private List<Long> atMs(Class<? extends ClusterEvent> type) {
        return facts.stream()
                .filter(fact -> type.isInstance(fact.event()))
                .map(Fact::atMs)
                .toList();
    }

    private List<Cause> causes(Class<? extends ClusterEvent> type) {
        return facts.stream()
                .filter(fact -> type.isInstance(fact.event()))
                .map(Fact::cause)
                .toList();
    }
}
