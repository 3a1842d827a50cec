package io.gpuctl.simulator.cluster;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.simulator.model.NodeModel;
import java.util.ArrayList;
import java.util.List;

/** Simulates a load step on a node with eight GPUs: all idle, then all at full load, then all idle again. */
public final class LoadStep {
    private static final long LOAD_FROM_MS = 60_000;
    private static final long LOAD_UNTIL_MS = 480_000;
    private static final long END_MS = 720_000;
    private static final long PERIOD_MS = 1_000;
    private static final double MS_PER_SECOND = 1_000;

    private LoadStep() {}

    /** The measurement of one GPU, in seconds from the start. */
    public record Sample(double seconds, NodeTelemetry.Gpu gpu) {}

    /**
     * Returns one sample per second for twelve minutes. The load starts at 60 s and ends at 480 s.
     *
     * @param ambientCelsius room temperature
     * @throws io.gpuctl.events.InvalidFieldException if the room is too warm for the node, or the model is unknown
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
