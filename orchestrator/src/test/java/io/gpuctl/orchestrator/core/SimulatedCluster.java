package io.gpuctl.orchestrator.core;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.HealthSettings;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Priority;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.XidCatalogue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in virtual time: users, nodes and an orchestrator, with injected faults between them. All random choices
 * come from one seed.
 */
final class SimulatedCluster {
    private static final long START_MS = 1_800_000_000_000L;
    private static final long FAULTS_MS = 90_000;
    private static final long QUIET_MAX_MS = 3_600_000;
    private static final int NEVER_FITS = 64;
    private static final List<PolicySpec> POLICIES = Stream.concat(
                    Stream.of(
                                    "fifo",
                                    "intelligent",
                                    "fifo+intelligent",
                                    "random",
                                    "best-fit",
                                    "dot-product",
                                    "gpu-packing",
                                    "gpu-clustering",
                                    "fgd",
                                    "fifo+fgd",
                                    "srtf",
                                    "srsf+intelligent",
                                    "srtf+fgd")
                            .map(PolicySpec::named),
                    // Low limits, because tasks run for up to 15 s.
                    Stream.of(new PolicySpec(
                            "tiresias", Map.of("limit_0_gpu_seconds", 4.0, "limit_1_gpu_seconds", 10.0), 1)))
            .toList();

    private final Random random;
    private final VirtualTime time = new VirtualTime(START_MS);
    private final FakeRuntime runtime;
    private final List<FakeNode> nodes = new ArrayList<>();
    private final Map<TaskId, TaskSpec> submitted = new LinkedHashMap<>();
    private PoolSettings settings;
    private boolean quiet;

    private SimulatedCluster(long seed) {
        random = new Random(seed);
        runtime = new FakeRuntime(random);
        settings = randomSettings();
    }

    /** Runs a cluster until every task has ended; throws {@link AssertionError} if a check fails on the way. */
    static SimulatedCluster run(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        cluster.begin();
        cluster.time.runUntil(START_MS + FAULTS_MS);
        cluster.calmDown();
        long endMs = START_MS + FAULTS_MS + QUIET_MAX_MS;
        while (!cluster.isAtRest() && cluster.time.nowMs() < endMs) {
            cluster.time.runUntil(cluster.time.nowMs() + 10_000);
        }
        if (!cluster.isAtRest()) {
            throw new AssertionError("Not at rest after an hour without faults: "
                    + cluster.runtime.state().snapshot());
        }
        return cluster;
    }

    FakeRuntime runtime() {
        return runtime;
    }

    Map<TaskId, TaskSpec> submitted() {
        return submitted;
    }

    private void begin() {
        var topics = new FakeNode.Topics(runtime.reports::append, runtime.nodeEvents::append, runtime.placements);
        var everBegun = new TreeSet<String>();
        int nodeCount = 1 + random.nextInt(6);
        for (int id = 0; id < nodeCount; id++) {
            FakeNode node = new FakeNode(randomInventory(id), time, random, topics, everBegun);
            nodes.add(node);
            time.after(random.nextInt(5_000), node::heal);
        }
        runtime.start(settings);
        time.after(1, this::orchestrate);
        time.after(1, this::use);
        time.after(3_000, this::breakSomething);
        time.after(3_000, this::measure);
    }

    private boolean isAtRest() {
        return runtime.isRunning()
                && runtime.hasReadAll()
                && runtime.state().tasks().isEmpty()
                && runtime.state().nodes().stream().allMatch(node -> node.held().isEmpty())
                && nodes.stream().allMatch(node -> node.running().isEmpty());
    }

    /** Stops all faults, cancels tasks that could never fit, and lets nodes cool down. */
    private void calmDown() {
        quiet = true;
        if (!runtime.isRunning()) {
            runtime.start(settings);
        }
        nodes.forEach(FakeNode::heal);
        nodes.forEach(node -> runtime.conditions.append(condition(node, 30)));
        submitted.values().stream().filter(this::neverFits).forEach(task -> cancel(task.taskId()));
    }

    private boolean neverFits(TaskSpec task) {
        return Shape.of(task).neverFits(nodes.stream().map(FakeNode::inventory).toList()) != null;
    }

    private void orchestrate() {
        if (runtime.isRunning()) {
            runtime.poll(random.nextInt(40));
            runtime.tick(time.nowMs());
            if (quiet || random.nextInt(3) > 0) {
                runtime.commit();
            }
        }
        boolean stalls = !quiet && random.nextInt(200) == 0;
        time.after(stalls ? random.nextInt(25_000) : 1 + random.nextInt(quiet ? 2_000 : 400), this::orchestrate);
    }

    private void use() {
        switch (random.nextInt(10)) {
            case 0, 1 -> cancel(new TaskId("task-" + random.nextInt(submitted.size() + 1)));
            case 2 -> runScheduler();
            case 3 -> submitAgain();
            case 4 ->
                operate(nodes.get(random.nextInt(nodes.size())).inventory().nodeId());
            default -> submit(randomTask());
        }
        time.after(1 + random.nextInt(2_500), quiet ? this::goOn : this::use);
    }

    /** Acts as the operator while no new tasks arrive: requests passes, for manual mode, and uncordons nodes. */
    private void goOn() {
        runScheduler();
        nodes.forEach(node -> uncordon(node.inventory().nodeId()));
        time.after(5_000, this::goOn);
    }

    private void submit(TaskSpec task) {
        submitted.putIfAbsent(task.taskId(), task);
        runtime.commands.append(new TaskCommand.SubmitTask(task, time.nowMs()));
    }

    private void submitAgain() {
        if (!submitted.isEmpty()) {
            List<TaskSpec> tasks = List.copyOf(submitted.values());
            submit(tasks.get(random.nextInt(tasks.size())));
        }
    }

    private void cancel(TaskId taskId) {
        runtime.commands.append(new TaskCommand.CancelTask(FakeRuntime.POOL, taskId, time.nowMs()));
    }

    private void runScheduler() {
        runtime.commands.append(new TaskCommand.RunScheduler(FakeRuntime.POOL, "request", time.nowMs()));
    }

    private void operate(NodeId nodeId) {
        switch (random.nextInt(4)) {
            case 0 ->
                runtime.commands.append(new TaskCommand.CordonNode(FakeRuntime.POOL, nodeId, "noise", time.nowMs()));
            case 1 ->
                runtime.commands.append(new TaskCommand.DrainNode(FakeRuntime.POOL, nodeId, "smoke", time.nowMs()));
            default -> uncordon(nodeId);
        }
    }

    private void uncordon(NodeId nodeId) {
        runtime.commands.append(new TaskCommand.UncordonNode(FakeRuntime.POOL, nodeId, "repaired", time.nowMs()));
    }

    private void measure() {
        if (!quiet) {
            FakeNode node = nodes.get(random.nextInt(nodes.size()));
            runtime.conditions.append(condition(node, 30 + random.nextInt(56)));
            time.after(1 + random.nextInt(3_000), this::measure);
        }
    }

    private NodeCondition condition(FakeNode node, double temperatureCelsius) {
        NodeInventory inventory = node.inventory();
        List<NodeCondition.Gpu> gpus = new ArrayList<>();
        for (int gpu = 0; gpu < inventory.gpuCount(); gpu++) {
            gpus.add(new NodeCondition.Gpu(temperatureCelsius, 0.5, 200, 1_024));
        }
        return new NodeCondition(inventory.nodeId(), inventory.pool(), time.nowMs(), gpus);
    }

    private void breakSomething() {
        if (quiet) {
            return;
        }
        FakeNode node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(13)) {
            case 0 -> node.freeze(random.nextInt(30_000));
            case 1, 2 -> node.cutOff(random.nextInt(30_000));
            case 3 -> node.kill();
            case 4 -> {
                if (node.isAlive()) {
                    node.shutDown();
                }
            }
            case 5 -> node.heal();
            case 6 -> node.loseAnAttempt();
            case 7 -> repeatSomething();
            case 8 -> restartOrchestrator();
            case 9 -> node.becomeSlow();
            case 10, 11 -> node.loseGpu();
            case 12 -> node.reportError();
            default -> throw new AssertionError();
        }
        time.after(1 + random.nextInt(5_000), this::breakSomething);
    }

    /** Repeats records, as a producer that is not idempotent would. */
    private void repeatSomething() {
        repeatOne(runtime.reports);
        repeatOne(runtime.nodeEvents);
        repeatOne(runtime.commands);
    }

    private <T> void repeatOne(FakeTopic<T> topic) {
        if (topic.size() > 0) {
            topic.append(topic.get(random.nextInt(topic.size())));
        }
    }

    private void restartOrchestrator() {
        if (!runtime.isRunning()) {
            runtime.start(settings);
            return;
        }
        runtime.crash();
        if (random.nextInt(3) == 0) {
            settings = randomSettings();
        }
        if (random.nextBoolean()) {
            runtime.start(settings);
        }
    }

    private PoolSettings randomSettings() {
        PolicySpec drawn = POLICIES.get(random.nextInt(POLICIES.size()));
        SortedMap<String, Double> weights = new TreeMap<>(drawn.weights());
        if (random.nextBoolean()) {
            weights.put("shuffle_nodes", 1.0);
        }
        PolicySpec policy = new PolicySpec(drawn.name(), weights, random.nextInt());
        int nodeLossesMax = random.nextInt(3) == 0 ? random.nextInt(3) : 20;
        // A run is short, so nodes count as slow sooner, and are tried again sooner.
        HealthSettings health = new HealthSettings(
                750, 1 + random.nextInt(3), 3_000, random.nextInt(4), 60_000, random.nextInt(XidCatalogue.EDITION + 1));
        return PoolSettings.withPolicy(policy)
                .withManual(random.nextInt(5) == 0)
                .withNodeLossesMax(nodeLossesMax)
                .withHealth(health);
    }

    private NodeInventory randomInventory(int id) {
        boolean large = random.nextBoolean();
        return new NodeInventory(
                new NodeId("node-" + id),
                FakeRuntime.POOL,
                large ? "large" : "small",
                random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(8),
                large ? 80_000 : 40_000,
                16_000,
                64_000,
                60,
                400,
                25,
                85);
    }

    /** Returns a task that fits a node, or spans several nodes, or rarely fits none. */
    private TaskSpec randomTask() {
        if (random.nextInt(6) == 0) {
            return randomTaskOnOneNode(GpuRequest.whole(2 + random.nextInt(16), random.nextInt(3) * 20_000L))
                    .withMaxNodes(2 + random.nextInt(3));
        }
        return randomTaskOnOneNode(null);
    }

    private TaskSpec randomTaskOnOneNode(@Nullable GpuRequest gpus) {
        NodeInventory model = nodes.get(random.nextInt(nodes.size())).inventory();
        return new TaskSpec(
                new TaskId("task-" + submitted.size()),
                FakeRuntime.POOL,
                "user",
                List.of(Priority.values()).get(random.nextInt(3)),
                gpus != null ? gpus : random.nextInt(40) == 0 ? GpuRequest.whole(NEVER_FITS, 0) : randomGpus(model),
                random.nextInt(5) * 1_000L,
                random.nextInt(5) * 4_000L,
                random.nextInt(4) == 0 ? List.of(model.gpuModel()) : List.of(),
                1 + random.nextInt(3),
                new Work(random.nextInt(15_000), 0.9, random.nextInt(6) == 0 ? 1 : 0));
    }

    private GpuRequest randomGpus(NodeInventory model) {
        long memoryMib = random.nextInt(4) * model.gpuMemoryMib() / 3;
        return switch (model.gpuCount() == 0 ? 0 : random.nextInt(6)) {
            case 0 -> GpuRequest.NONE;
            case 1, 2, 3 -> GpuRequest.share(1 + random.nextInt(GpuRequest.WHOLE), memoryMib);
            default -> GpuRequest.whole(1 + random.nextInt(model.gpuCount()), memoryMib);
        };
    }
}
