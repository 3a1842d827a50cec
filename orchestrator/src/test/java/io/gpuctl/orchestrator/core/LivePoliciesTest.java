package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TaskState;
import io.gpuctl.orchestrator.policy.Policies;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published policies in a live pool, where nodes and tasks come and go. */
class LivePoliciesTest {
    static SortedSet<String> policies() {
        return Policies.names();
    }

    private static PoolFixture pool(String policy, String... nodeIds) {
        return PoolFixture.withNodes(PoolSettings.withPolicy(PolicySpec.named(policy)), nodeIds);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void whatWaitsIsPlacedOnceThereIsRoom(String policy) {
        var pool = pool(policy, "a");
        pool.submit(task("t1", 3));
        pool.submit(task("t2", 4));
        assertThat(pool.reasonOf("t2"))
                .isEqualTo(new PendingReason(Code.INSUFFICIENT_GPUS, Map.of(Code.INSUFFICIENT_GPUS, 1)));

        pool.completed("a", attempt("t1", 1));

        assertThat(pool.stateOf("t2")).isEqualTo(TaskState.PLACED);
        assertThat(pool.gpusOf("t2")).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aNodeThatJoinsIsUsed(String policy) {
        var pool = pool(policy, "m");
        pool.submit(task("t1", 4));
        pool.submit(task("t2", 4));

        pool.register("b");

        assertThat(pool.nodeOf("t2")).isEqualTo("b");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aNodeThatFellSilentIsNotUsed(String policy) {
        var pool = pool(policy, "a", "b");
        pool.submit(task("t1", 1));
        String silent = pool.nodeOf("t1");
        pool.beats(silent.equals("a") ? "b" : "a", 6);

        pool.submit(task("t2", 4));
        pool.submit(task("t3", 4));

        assertThat(pool.nodeOf("t2")).isNotEqualTo(silent);
        assertThat(pool.reasonOf("t3"))
                .isEqualTo(new PendingReason(
                        Code.NODE_NOT_READY, Map.of(Code.NODE_NOT_READY, 1, Code.INSUFFICIENT_GPUS, 1)));
    }

    /**
     * Returns all policies except random: its draw depends on the number of the submission's fact, and a restart is
     * also a fact.
     */
    static List<String> policiesThatDoNotDraw() {
        return Policies.names().stream().filter(name -> !name.equals("random")).toList();
    }

    @ParameterizedTest
    @MethodSource("policiesThatDoNotDraw")
    void aRestartInTheMiddleChangesNothing(String policy) {
        PoolSettings settings = PoolSettings.withPolicy(PolicySpec.named(policy));
        var whole = PoolFixture.withNodes(settings, "a", "b", "c");
        var interrupted = PoolFixture.withNodes(settings, "a", "b", "c");
        for (int i = 0; i < 12; i++) {
            var task = task("t" + i, i % 3 == 0 ? GpuRequest.whole(1, 0) : GpuRequest.share(100 + 60 * i, 0));
            whole.submit(task);
            interrupted.submit(task);
            interrupted.restartOrchestrator(settings);
        }

        for (int i = 0; i < 12; i++) {
            assertThat(interrupted.nodeOf("t" + i)).isEqualTo(whole.nodeOf("t" + i));
            assertThat(interrupted.gpusOf("t" + i)).isEqualTo(whole.gpusOf("t" + i));
        }
    }

    @Test
    void aPlacementAloneLetsTasksOvertake() {
        var pool = pool("fgd", "a");
        pool.submit(task("t1", 2));
        pool.submit(task("t2", 4));
        pool.submit(task("t3", 2));

        assertThat(pool.stateOf("t2")).isEqualTo(TaskState.QUEUED);
        assertThat(pool.stateOf("t3")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void withFifoNothingOvertakes() {
        var pool = pool("fifo+fgd", "a");
        pool.submit(task("t1", 2));
        pool.submit(task("t2", 4));
        pool.submit(task("t3", 2));

        assertThat(pool.reasonOf("t3").code()).isEqualTo(Code.BEHIND_IN_QUEUE);
    }

    @Test
    void theLogSaysWhatThePlaceScored() {
        var pool = pool("gpu-packing", "a");

        List<ClusterEvent> events = pool.submit(task("t", 1));

        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        ClusterEvent.TaskPlaced.class,
                        placed -> assertThat(placed.score()).containsExactly(Map.entry("score", 29.0)));
    }

    @Test
    void theTargetWorkloadDecidesWhereFgdGoes() {
        assertThat(nodeOfHalf(1_000)).isEqualTo("b");
        assertThat(nodeOfHalf(500)).isEqualTo("a");
    }

    /** Node b has a GPU with half left; if halves are expected, this is not a fragment. */
    private static String nodeOfHalf(int expectedMilli) {
        var target = new TargetWorkload(List.of(new TargetWorkload.Kind(0, expectedMilli, 1, List.of(), 1)));
        var pool = new PoolFixture(PoolSettings.withPolicy(new PolicySpec("fgd", Map.of(), 42, target)));
        pool.register("b");
        pool.submit(task("first", GpuRequest.share(500, 0)));
        pool.register("a");

        pool.submit(task("t", GpuRequest.share(500, 0)));

        return pool.nodeOf("t");
    }
}
