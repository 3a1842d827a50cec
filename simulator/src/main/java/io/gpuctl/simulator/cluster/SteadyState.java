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

/** Where a GPU model ends under a load that stays: read off a node that has borne it for long. */
public final class SteadyState {
    static final int GPUS = 8;

    private static final AttemptId ATTEMPT = new AttemptId(new TaskId("load"), 1);
    /** Over a hundred time constants of a heat sink. */
    private static final long LONG_MS = 24L * 3600 * 1000;

    private SteadyState() {}

    /**
     * A GPU of a node with eight of them, all under this load.
     *
     * @param load 0 to 1
     * @param ambientCelsius of the room
     * @throws io.gpuctl.events.InvalidFieldException if it is too warm for such a node
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

    /** A task on all its GPUs, for years. */
    static StartAttempt task(NodeInventory inventory, double load) {
        List<Integer> all = IntStream.range(0, GPUS).boxed().toList();
        var allocation = new Allocation(inventory.nodeId(), 1, all, 1000, 0, 0, 0);
        return new StartAttempt(PoolId.DEFAULT, ATTEMPT, allocation, new Work(Work.MAX_DURATION_MS, load, 0), 0, 0);
    }

    static StopAttempt stop(NodeInventory inventory) {
        return new StopAttempt(PoolId.DEFAULT, inventory.nodeId(), 1, ATTEMPT, 0);
    }
}
