package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.INTELLIGENT;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskState;
import io.gpuctl.orchestrator.core.Placement.Candidate;
import io.gpuctl.orchestrator.policy.Policies;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IntelligentTest {
    private final PoolFixture pool = PoolFixture.withNodes(INTELLIGENT, "a", "b");

    @Test
    void ofEqualNodesItTakesTheFirst() {
        pool.submit(task("t", 1));

        assertThat(pool.nodeOf("t")).isEqualTo("a");
        assertThat(pool.gpusOf("t")).containsExactly(0);
    }

    @Test
    void itTakesTheCoolestGpus() {
        pool.temperatures("a", 60, 60, 60, 60);
        pool.temperatures("b", 70, 40, 70, 35);
        pool.submit(task("t", 2));

        assertThat(pool.nodeOf("t")).isEqualTo("b");
        assertThat(pool.gpusOf("t")).containsExactly(1, 3);
    }

    /** This keeps whole nodes free for tasks that need them. */
    @Test
    void itFillsGpusAndNodesInUseFirst() {
        pool.submit(task("t", 1));
        pool.submit(task("u", GpuRequest.share(500, 0)));
        pool.submit(task("v", GpuRequest.share(500, 0)));
        pool.submit(task("w", 2));

        assertThat(List.of(pool.gpusOf("t"), pool.gpusOf("u"), pool.gpusOf("v"), pool.gpusOf("w")))
                .containsExactly(List.of(0), List.of(1), List.of(1), List.of(2, 3));
        assertThat(pool.nodeOf("w")).isEqualTo("a");
    }

    /** With the task, a GPU of "hot" would reach 45 + 47 C, a GPU of "cool" 25 + 47 C; both slow down at 85 C. */
    @Test
    void whereTheTaskWouldBeSlowedItGoesElsewhereThoughItIsCoolThereNow() {
        var room = new PoolFixture(INTELLIGENT);
        room.register(breathing("hot", 45), INCARNATION);
        room.temperatures("hot", 50, 50, 50, 50);
        room.register(breathing("cool", 25), INCARNATION);
        room.temperatures("cool", 70, 70, 70, 70);

        room.submit(task("t", 1));
        room.submit(task("fills-cool", 3));
        room.submit(task("u", 1));

        assertThat(room.nodeOf("t")).isEqualTo("cool");
        assertThat(room.nodeOf("u")).as("slower is better than not at all").isEqualTo("hot");
    }

    /** Temperature does not matter while no GPU slows down: 30 + 47 C is cool enough. */
    @Test
    void whereNothingIsSlowedItPacks() {
        var room = new PoolFixture(INTELLIGENT);
        room.register(breathing("cool", 20), INCARNATION);
        room.register(breathing("mild", 30), INCARNATION);
        room.submit(task("leaves-one", 3));
        room.submit(task("t", 2));

        room.submit(task("u", 2));

        assertThat(room.nodeOf("t")).isEqualTo("mild");
        assertThat(room.nodeOf("u")).isEqualTo("mild");
    }

    private static NodeInventory breathing(String nodeId, double celsius) {
        return new NodeInventory(
                new NodeId(nodeId), PoolFixture.POOL, "A100", 4, 80_000, 16_000, 64_000, 60, 400, celsius, 85, "", 47);
    }

    @Test
    void itDoesNotUseGpusNearTheirSlowdownTemperature() {
        pool.temperatures("a", 80, 80, 79.9, 84);
        pool.temperatures("b", 90, 90, 90, 90);

        pool.submit(task("t", 1));
        pool.submit(task("u", 1));

        assertThat(pool.nodeOf("t")).isEqualTo("a");
        assertThat(pool.gpusOf("t")).containsExactly(2);
        assertThat(pool.reasonOf("u")).isEqualTo(new PendingReason(Code.GPU_TOO_HOT, Map.of(Code.GPU_TOO_HOT, 2)));
    }

    @Test
    void whatWaitsForCoolGpusRunsOnceTheyAre() {
        pool.temperatures("a", 82, 82, 82, 82);
        pool.temperatures("b", 82, 82, 82, 82);
        pool.submit(task("t", 1));

        pool.temperatures("b", 60, 82, 82, 82);

        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
        assertThat(pool.nodeOf("t")).isEqualTo("b");
    }

    @Test
    void thePlacementSaysWhatItsScoreWasMadeOf() {
        pool.temperatures("b", 40, 40, 40, 40);
        pool.temperatures("a", 55, 55, 55, 55);

        ClusterEvent event = pool.submit(task("t", 1)).getLast();

        assertThat(event)
                .isInstanceOfSatisfying(
                        TaskPlaced.class,
                        placed -> assertThat(placed.score())
                                .containsExactly(
                                        Map.entry("memory", 1.0),
                                        // The whole GPU is used; 5 of a large node's 8 GPUs would not stay free.
                                        Map.entry("packing", 0.8125),
                                        Map.entry("power", 1.0),
                                        Map.entry("temperature", 0.75),
                                        Map.entry("utilization", 1.0)));
    }

    @Test
    void explainsEveryNode() {
        pool.register(inventory("c", 2), INCARNATION);
        pool.temperatures("a", 55, 55, 55, 55);
        pool.temperatures("b", 82, 82, 82, 82);

        List<Candidate> candidates = pool.orchestrator().explain(task("t", 4));

        assertThat(candidates).hasSize(3);
        assertThat(candidates.get(0)).isInstanceOfSatisfying(Candidate.Scored.class, scored -> {
            assertThat(scored.gpus()).containsExactly(0, 1, 2, 3);
            // Half way from inlet to slowdown temperature, at weight 0.5; all other parts are best.
            assertThat(scored.total()).isEqualTo(0.5 * 0.5 + 0.5, within(1e-9));
        });
        assertThat(candidates.get(1))
                .isInstanceOfSatisfying(
                        Candidate.RuledOut.class,
                        out -> assertThat(out.obstacle()).isEqualTo(Code.GPU_TOO_HOT));
        assertThat(candidates.get(2))
                .isInstanceOfSatisfying(
                        Candidate.RuledOut.class,
                        out -> assertThat(out.obstacle()).isEqualTo(Code.INSUFFICIENT_GPUS));
    }

    @Test
    void aTaskWithoutGpusPrefersANodeWithout() {
        pool.register(inventory("z", 0), INCARNATION);

        pool.submit(task("t", 0));

        assertThat(pool.nodeOf("t")).isEqualTo("z");
    }

    @Test
    void weightsDecideWhatCounts() {
        var onlyMemory = PoolFixture.withNodes(
                PoolSettings.withPolicy(new PolicySpec(
                        "intelligent",
                        Map.of("temperature", 0.0, "packing", 0.0, "utilization", 0.0, "power", 0.0),
                        42)),
                "a",
                "b");
        onlyMemory.temperatures("a", 25, 25, 25, 25);
        onlyMemory.temperatures("b", 79, 79, 79, 79);
        onlyMemory.submit(task("t", GpuRequest.whole(4, 80_000)));

        onlyMemory.submit(task("u", GpuRequest.share(1, 0)));

        assertThat(onlyMemory.nodeOf("u")).isEqualTo("b");
    }

    @Test
    void refusesUnknownPoliciesAndWeights() {
        assertThatThrownBy(() -> Policies.create(PolicySpec.named("no-such")))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("one of arrival, best-fit, ");
        for (Map<String, Double> weights : List.of(
                Map.of("no_such", 1.0),
                Map.of("power", -1.0),
                Map.of("power", Double.NaN),
                Map.of("temperature", 0.0, "packing", 0.0, "memory", 0.0, "utilization", 0.0, "power", 0.0))) {
            assertThatThrownBy(() -> Policies.create(new PolicySpec("intelligent", weights, 42)))
                    .isInstanceOf(InvalidFieldException.class);
        }
        assertThatThrownBy(() -> Policies.create(new PolicySpec("fifo", Map.of("power", 1.0), 42)))
                .isInstanceOf(InvalidFieldException.class);
    }
}
