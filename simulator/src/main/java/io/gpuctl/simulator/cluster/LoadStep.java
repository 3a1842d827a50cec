package io.gpuctl.simulator.cluster;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.simulator.model.NodeModel;
import java.util.ArrayList;
import java.util.List;

/** A step of load: one GPU of a node with eight, all idle, then all at full load, then idle again. */
public final class LoadStep {
    private static final long LOAD_FROM_MS = 60_000;
    private static final long LOAD_UNTIL_MS = 480_000;
    private static final long END_MS = 720_000;
    private static final long PERIOD_MS = 1_000;
    private static final double MS_PER_SECOND = 1_000;

    private LoadStep() {}

    /** The GPU at one moment, seconds after the beginning. */
    public record Sample(double seconds, NodeTelemetry.Gpu gpu) {}

    /**
     * Once a second for twelve minutes; the load lasts from the second to the eighth.
     *
     * @param ambientCelsius of the room
     * @throws io.gpuctl.events.InvalidFieldException if it is too warm for such a node, or nobody knows the model
     */
    public static List<Sample> of(GpuModels models, String model, double ambientCelsius) {
        var shape = new NodeShape(model, SteadyState.GPUS, null, null, null, null, null, ambientCelsius, null);
        NodeInventory inventory = shape.node(models, new NodeId("0"), PoolId.DEFAULT);
        var node = new NodeModel(inventory, 1, models.physics(inventory), 0);
        List<Sample> samples = new ArrayList<>();
        for (long atMs = 0; atMs <= END_MS; atMs += PERIOD_MS) {
            if (atMs == LOAD_FROM_MS) {
                node.start(SteadyState.task(inventory, 1), atMs);
            } else if (atMs == LOAD_UNTIL_MS) {
                node.stop(SteadyState.stop(inventory), atMs);
            }
            samples.add(
                    new Sample(atMs / MS_PER_SECOND, node.telemetry(atMs).gpus().getFirst()));
        }
        return samples;
    }
}
