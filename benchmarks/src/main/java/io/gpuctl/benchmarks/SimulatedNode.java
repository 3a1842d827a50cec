package io.gpuctl.benchmarks;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.Work;
import io.gpuctl.simulator.cluster.ClusterShape;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.cluster.NodeShape;
import io.gpuctl.simulator.model.NodeModel;
import java.util.List;

/** A simulated node with eight A100s, on which a benchmark starts and stops tasks. */
final class SimulatedNode {
    static final int GPUS = 8;

    private static final GpuModels MODELS = GpuModels.builtIn();

    private final NodeInventory inventory;
    private final NodeModel model;
    private long started;

    SimulatedNode(double ambientCelsius) {
        var shape = new NodeShape("A100-SXM4-80GB", GPUS, null, null, null, null, null, ambientCelsius, null);
        inventory = ClusterShape.of(1, shape, MODELS).getFirst();
        model = new NodeModel(inventory, 1, MODELS.physics(inventory), 0);
    }

    NodeModel model() {
        return model;
    }

    /** Starts a task on one GPU. The task would end long after the benchmark. */
    AttemptId start(int gpu, LoadProfile profile, long nowMs) {
        var attempt = new AttemptId(new TaskId("task-" + started++), 1);
        var allocation = new Allocation(inventory.nodeId(), 1, List.of(gpu), 1_000, 40_960, 1_000, 1_024);
        var work = new Work(Work.MAX_DURATION_MS, 0.9, 0).withProfile(profile);
        model.start(new StartAttempt(PoolId.DEFAULT, attempt, allocation, work, 0, nowMs), nowMs);
        return attempt;
    }

    void stop(AttemptId attempt, long nowMs) {
        model.stop(new StopAttempt(PoolId.DEFAULT, inventory.nodeId(), 1, attempt, nowMs), nowMs);
    }
}
