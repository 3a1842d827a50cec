package io.gpuctl.experiments.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolSnapshot;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.ToldWatch;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.simulator.cluster.ClusterShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pass that preempts remembers of earlier passes saves time, and changes no decision. */
class FreshPassTest {
    private static final int TASKS = 150;
    private static final List<Priority> PRIORITIES = List.of(Priority.values());
    private static final List<NodeInventory> NODES = ClusterShape.of(5, 4, "A100-SXM4-80GB");

    /** The same nodes after they got more GPUs, which changes who needs several nodes. */
    private static final List<NodeInventory> LARGER = ClusterShape.of(5, 8, "A100-SXM4-80GB");

    private final List<Fact> facts = new ArrayList<>();
    private @Nullable VirtualCluster cluster;
    private List<Fact> expected = List.of();
    private Cause cause = Cause.TIMER;
    private int compared;

    @ParameterizedTest
    @ValueSource(strings = {"srtf", "srsf", "srtf+best-fit", "srtf+gpu-clustering", "tiresias"})
    void aPassThatRemembersNothingDecidesTheSame(String policy) {
        Map<String, Double> weights =
                policy.equals("tiresias") ? Map.of("limit_0_gpu_seconds", 40.0, "limit_1_gpu_seconds", 80.0) : Map.of();
        var config = new VirtualClusterConfig(NODES, new PolicySpec(policy, weights, 1), null, Checks.ALL);
        var running = new VirtualCluster(config, Policies::create, facts::add, _ -> {}, this::before);
        cluster = running;
        plan(running, new SplittableRandom(1));

        running.runToEnd();
        compare();

        assertThat(compared).isGreaterThan(2 * TASKS);
    }

    /** More tasks than the cluster has room for, of all kinds, and nodes that leave and return. */
    private static void plan(VirtualCluster cluster, SplittableRandom random) {
        long atMs = 0;
        for (int i = 0; i < TASKS; i++) {
            atMs += random.nextInt(4_000);
            var task = task("task-" + i, random);
            cluster.submit(atMs, task);
            if (random.nextInt(8) == 0) {
                cluster.cancel(atMs + random.nextInt(60_000), task.taskId());
            }
            NodeId node = NODES.get(random.nextInt(NODES.size())).nodeId();
            switch (random.nextInt(25)) {
                case 0 -> {
                    cluster.drain(atMs, node, "test");
                    cluster.uncordon(atMs + 20_000, node, "test");
                }
                case 1 -> {
                    cluster.shutDown(atMs, node);
                    cluster.restart(atMs + 15_000, node);
                }
                case 2 -> cluster.join(atMs, LARGER.get(random.nextInt(LARGER.size())));
                default -> {}
            }
        }
    }

    private static TaskSpec task(String id, SplittableRandom random) {
        GpuRequest gpus = random.nextInt(4) == 0
                ? GpuRequest.share(250, 0)
                : GpuRequest.whole(List.of(1, 1, 2, 4, 8).get(random.nextInt(5)), 0);
        return new TaskSpec(
                        new TaskId(id),
                        PoolId.DEFAULT,
                        TaskSpec.DEFAULT_USER,
                        PRIORITIES.get(random.nextInt(PRIORITIES.size())),
                        gpus,
                        0,
                        0,
                        List.of(),
                        TaskSpec.DEFAULT_MAX_ATTEMPTS,
                        Work.lasting(1_000 + random.nextInt(60_000)))
                .withMaxNodes(gpus.count() > 4 ? 3 : 1);
    }

    private void before(Cause nextCause, PoolInput input) {
        compare();
        cause = nextCause;
        PoolState state = running().state();
        if (state.isConfigured()) {
            PoolSnapshot now = state.snapshot();
            var copy = PoolState.restore(
                    now.header(), now.nodes().values(), now.tasks().values(), now.finished());
            expected = PoolOrchestrator.inPlaceOfAnother(copy, Policies::create, new ToldWatch())
                    .on(input, nextCause)
                    .facts();
        }
    }

    /** Compares the decision on the last input, if a pass with all its memory had a reason to run at all. */
    private void compare() {
        List<Fact> decided =
                facts.stream().filter(fact -> fact.cause().equals(cause)).toList();
        facts.clear();
        boolean isDue = decided.stream().map(Fact::event).anyMatch(FreshPassTest::letsAPassRun);
        if (isDue && !expected.isEmpty()) {
            assertThat(decided).isEqualTo(expected);
            compared++;
        }
    }

    private static boolean letsAPassRun(ClusterEvent event) {
        return event instanceof ClusterEvent.TaskSubmitted || PoolOrchestrator.invalidatesVerdicts(event, false);
    }

    private VirtualCluster running() {
        if (cluster == null) {
            throw new IllegalStateException("The cluster is not created yet");
        }
        return cluster;
    }
}
