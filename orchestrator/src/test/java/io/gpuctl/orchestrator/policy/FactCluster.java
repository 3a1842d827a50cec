package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Nodes;
import io.gpuctl.orchestrator.core.PoolState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A pool whose nodes follow from facts that the tests choose. */
final class FactCluster {
    private static final PoolId POOL = PoolId.DEFAULT;
    private static final long MEMORY_MIB = 1_000_000;

    private final PoolState state = new PoolState(POOL);
    private int tasks;

    FactCluster() {
        apply(new ClusterEvent.PoolConfigured(POOL, PoolSettings.withPolicy(PolicySpec.named("fifo"))));
    }

    static Shape shape(GpuRequest gpus, long cpuMilli, String... gpuModels) {
        return new Shape(gpus, cpuMilli, 0, List.of(gpuModels));
    }

    Nodes nodes() {
        return state.nodes();
    }

    Node node(String nodeId) {
        return state.node(new NodeId(nodeId));
    }

    /** Starts or restarts a node; its GPUs are of model A100. */
    FactCluster start(String nodeId, int gpus, long cpuMilli) {
        return start(nodeId, "A100", gpus, cpuMilli);
    }

    FactCluster start(String nodeId, String gpuModel, int gpus, long cpuMilli) {
        Node before = node(nodeId);
        var inventory = new NodeInventory(
                new NodeId(nodeId), POOL, gpuModel, gpus, 80_000, cpuMilli, MEMORY_MIB, 60, 400, 25, 85);
        apply(new ClusterEvent.NodeRegistered(inventory, before == null ? 1 : before.incarnation() + 1, 0));
        return this;
    }

    /** Runs a task that takes this much of each of these GPUs; returns the task. */
    TaskId run(String nodeId, long cpuMilli, int gpuMilli, Integer... gpus) {
        return run(node(nodeId), shape(new GpuRequest(gpus.length, gpuMilli, 0), cpuMilli), Arrays.asList(gpus));
    }

    TaskId run(Node node, Shape shape, List<Integer> gpus) {
        TaskId taskId = new TaskId("task-" + tasks++);
        TaskSpec task = TaskSpec.of(taskId, shape.gpus(), Work.lasting(1));
        apply(new ClusterEvent.TaskSubmitted(task));
        var allocation = new Allocation(
                node.id(),
                node.incarnation(),
                gpus,
                shape.gpus().milli(),
                shape.gpus().memoryMib(),
                shape.cpuMilli(),
                shape.memoryMib());
        apply(new ClusterEvent.TaskPlaced(taskId, 1, List.of(allocation), Collections.emptySortedMap()));
        return taskId;
    }

    void complete(TaskId taskId) {
        apply(new ClusterEvent.TaskStarted(taskId, 1));
        apply(new ClusterEvent.TaskCompleted(taskId, 1, 0));
    }

    void suspect(Node node) {
        apply(new ClusterEvent.NodeSuspected(node.id()));
    }

    void recover(Node node) {
        apply(new ClusterEvent.NodeRecovered(node.id()));
    }

    void heat(Node node, double celsius) {
        List<NodeCondition.Gpu> gpus = new ArrayList<>();
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            gpus.add(new NodeCondition.Gpu(celsius, 0, 60, 0));
        }
        apply(new ClusterEvent.NodeConditionChanged(new NodeCondition(node.id(), POOL, state.lastAtMs(), gpus)));
    }

    private void apply(ClusterEvent event) {
        state.apply(new Fact(POOL, state.sequence() + 1, state.lastAtMs(), Cause.TIMER, event));
    }
}
