package io.gpuctl.experiments.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.redo.LogReplay;
import io.gpuctl.audit.redo.ReplayReport;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.engine.Checks;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.engine.Faults;
import io.gpuctl.experiments.engine.TopicSink;
import io.gpuctl.experiments.engine.VirtualCluster;
import io.gpuctl.experiments.engine.VirtualClusterConfig;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.simulator.cluster.ClusterShape;
import io.gpuctl.simulator.cluster.FaultsFile;
import io.gpuctl.simulator.cluster.GpuModels;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs many node-days with every kind of fault. No task is lost, no GPU is over-allocated, every task that can finish
 * does, and a replay of the recorded log repeats every decision. Invariants of what an input touched are checked after
 * the input, invariants of the whole state every 100,000 inputs.
 *
 * <p>{@code -Dsoak.nodes=500 -Dsoak.days=20} runs more than the default. {@code -Dsoak.scale} multiplies the published
 * fault rates; {@code -Dsoak.seed} and {@code -Dsoak.policy} set the seed and the policy.
 */
class FaultSoakTest {
    private static final long DAY_MS = 24 * 3_600_000L;
    private static final long HOUR_MS = 3_600_000L;

    private final int nodes = Integer.getInteger("soak.nodes", 40);
    private final int days = Integer.getInteger("soak.days", 6);
    private final int scale = Integer.getInteger("soak.scale", 2_000);
    private final long seed = Long.getLong("soak.seed", 1);
    private final String policy = System.getProperty("soak.policy", "fifo");

    private final Map<EndReason, Long> requeues = new EnumMap<>(EndReason.class);
    private final Map<String, Long> kinds = new TreeMap<>();
    private final Map<Integer, Long> xids = new TreeMap<>();
    private final Set<TaskId> completed = new LinkedHashSet<>();
    private final Set<TaskId> failed = new LinkedHashSet<>();
    private final Map<CordonCause, Long> cordons = new EnumMap<>(CordonCause.class);
    private long checkpoints;

    @TempDir
    private Path parent;

    @Test
    void nothingIsLostWhateverBreaks() {
        Path directory = parent.resolve("log");
        Set<TaskId> submitted = new LinkedHashSet<>();
        long startNanos = System.nanoTime();
        VirtualCluster cluster;
        try (var log = new VirtualLog(directory, PoolId.DEFAULT)) {
            cluster = new VirtualCluster(
                    config(), Policies::create, FactSink.all(this::count, log), sample -> {}, new TopicSink() {
                        @Override
                        public void accept(Cause place, PoolInput input) {
                            count(input);
                            log.accept(place, input);
                        }

                        @Override
                        public void accept(NodeCommand command) {
                            log.accept(command);
                        }
                    });
            var random = new SplittableRandom(seed);
            int tasks = nodes * days * 4;
            for (int number = 0; number < tasks; number++) {
                TaskSpec task = task(number, random);
                submitted.add(task.taskId());
                cluster.submit(random.nextLong(days * DAY_MS), task);
            }
            cluster.runUntil(days * DAY_MS);
            cluster.runToEnd();
            log.finish(cluster.state(), VirtualRecording.CHANGELOG, "test");
        }
        long endNanos = System.nanoTime();
        Map<FaultKind, Long> struck = cluster.faults();
        System.out.printf(
                "%,d nodes x %d days (ended after %.1f days), seed %d, %s: %,d tasks, %,d inputs, %,d facts in %.1f s%n"
                        + "struck: %s%nnodes said: %s%nXIDs: %s%nrequeues: %s%ncordons: %s%ncompleted %,d, failed %,d; %,d checkpoints%n",
                nodes,
                days,
                cluster.nowMs() / (double) DAY_MS,
                seed,
                policy,
                submitted.size(),
                cluster.inputs(),
                cluster.facts(),
                (endNanos - startNanos) / 1e9,
                struck,
                kinds,
                xids,
                requeues,
                cordons,
                completed.size(),
                failed.size(),
                checkpoints);

        assertThat(struck.keySet()).containsExactlyInAnyOrder(FaultKind.values());
        assertThat(xids.keySet()).containsExactly(31, 43, 45, 48, 63, 64, 74, 79, 94, 95, 119);
        assertThat(requeues.keySet())
                .contains(EndReason.HARDWARE_FAULT, EndReason.NODE_LOST, EndReason.NODE_DRAINED, EndReason.TASK_FAILED);
        assertThat(cordons.keySet()).containsExactlyInAnyOrder(CordonCause.FAULT, CordonCause.STRAGGLER);
        assertThat(checkpoints).isPositive();
        assertThat(failed).isEmpty();
        assertThat(completed).isEqualTo(submitted);
        assertThat(cluster.state().tasks()).isEmpty();
        // A node that was given up and is not back yet holds its allocations until it is heard from.
        assertThat(cluster.state().nodes())
                .filteredOn(node -> node.state() == NodeState.UP)
                .isNotEmpty()
                .allMatch(node -> node.held().isEmpty());

        ReplayReport report = LogReplay.run(EventLogReader.openAsItIs(directory), VirtualRecording.CHANGELOG, () -> {});
        System.out.printf(
                "replayed %,d facts, %,d decisions, in %.1f s%n",
                report.pools().getFirst().facts(),
                report.pools().getFirst().redone(),
                (System.nanoTime() - endNanos) / 1e9);
        assertThat(report.differences()).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(report.pools().getFirst().outOfStep()).isZero();
    }

    private VirtualClusterConfig config() {
        List<NodeInventory> inventories = ClusterShape.of(nodes, 8, "H100-SXM5-80GB");
        var settings = PoolSettings.withPolicy(PolicySpec.named(policy)).withNodeLossesMax(1_000_000);
        return new VirtualClusterConfig(
                        PoolId.DEFAULT, inventories, GpuModels.builtIn(), settings, null, new Checks(true, 100_000, 0))
                .withFaults(new Faults(FaultsFile.realistic().scaled(scale), FaultsFile.realistic(), seed));
    }

    /**
     * Returns a task that asks for a share, single GPUs, a whole node or a gang over nodes, with or without
     * checkpoints.
     */
    private static TaskSpec task(int number, SplittableRandom random) {
        GpuRequest gpus = switch (random.nextInt(8)) {
            case 0, 1 -> GpuRequest.share(100 + random.nextInt(800), 1_024);
            case 2, 3, 4 -> GpuRequest.whole(1, 1_024);
            case 5 -> GpuRequest.whole(1 + random.nextInt(4), 1_024);
            case 6 -> GpuRequest.whole(8, 1_024);
            default -> GpuRequest.whole(8 + random.nextInt(16), 1_024);
        };
        Work work = Work.lasting(60_000 + random.nextLong(random.nextInt(4) == 0 ? 24 * HOUR_MS : 3 * HOUR_MS));
        if (random.nextBoolean()) {
            work = work.withCheckpoints(600_000 + random.nextLong(HOUR_MS), random.nextLong(60_000));
        }
        return new TaskSpec(
                        new TaskId("task-" + number),
                        PoolId.DEFAULT,
                        "user-" + number % 7,
                        List.of(Priority.values()).get(random.nextInt(3)),
                        gpus,
                        1_000,
                        4_096,
                        List.of(),
                        100,
                        work)
                .overAnyNodes();
    }

    private void count(Fact fact) {
        switch (fact.event()) {
            case ClusterEvent.TaskRequeued e -> requeues.merge(e.reason(), 1L, Long::sum);
            case ClusterEvent.TaskCompleted e ->
                assertThat(completed.add(e.taskId())).isTrue();
            case ClusterEvent.TaskFailed e -> failed.add(e.taskId());
            case ClusterEvent.TaskRejected e -> throw new AssertionError("rejected: " + e);
            case ClusterEvent.TaskCheckpointed e -> checkpoints++;
            case ClusterEvent.NodeCordoned e -> cordons.merge(e.cause(), 1L, Long::sum);
            default -> {}
        }
    }

    private void count(PoolInput input) {
        if (input instanceof NodeEvent.Faulted faulted) {
            kinds.merge(faulted.kind(), 1L, Long::sum);
            if (faulted.xid() > 0) {
                xids.merge(faulted.xid(), 1L, Long::sum);
            }
        }
    }
}
