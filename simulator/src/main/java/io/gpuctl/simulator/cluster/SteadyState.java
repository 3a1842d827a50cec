package io.gpuctl.simulator.cluster;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.Work;
import io.gpuctl.simulator.model.NodeModel;
import java.util.List;
import java.util.stream.IntStream;

/** Finds the final state of a GPU model under a constant load: the state of a simulated node after a long time. */
public final class SteadyState {
    static final int GPUS = 8;

    private static final AttemptId ATTEMPT = new AttemptId(new TaskId("load"), 1);
    /** The time to the final state: more than a hundred time constants of a heat sink. */
    private static final long LONG_MS = 24L * 3600 * 1000;

    private SteadyState() {}

    /**
     * Returns one GPU of a node with eight GPUs, all under this load.
     *
     * @param load 0 to 1
     * @param ambientCelsius room temperature
     * @throws io.gpuctl.events.InvalidFieldException if the room is too warm for the node
     */
    public static NodeTelemetry.Gpu of(GpuModels models, String model, double load, double ambientCelsius) {
        var shape = new NodeShape(model, GPUS, null, null, null, null, null, ambientCelsius, null);
        NodeInventory inventory = shape.node(models, new NodeId("0"), PoolId.DEFAULT);
        var node = new NodeModel(inventory, 1, models.physics(inventory), 0);
        if (load > 0) {
            node.start(task(inventory, load), 0);
        }
        return node.telemetry(LONG_MS).gpus().getFirst();
    }

    /** Returns a task that runs on all GPUs for years. */
    static StartAttempt task(NodeInventory inventory, double load) {
        List<Integer> all = IntStream.range(0, GPUS).boxed().toList();
        var allocation = new Allocation(inventory.nodeId(), 1, all, 1000, 0, 0, 0);
        return new StartAttempt(PoolId.DEFAULT, ATTEMPT, allocation, new Work(Work.MAX_DURATION_MS, load, 0), 0, 0);
    }

    static StopAttempt stop(NodeInventory inventory) {
        return new StopAttempt(PoolId.DEFAULT, inventory.nodeId(), 1, ATTEMPT, 0);
    }
}
