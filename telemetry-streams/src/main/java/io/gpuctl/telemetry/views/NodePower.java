package io.gpuctl.telemetry.views;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import java.util.List;

/**
 * The last measured power of a node's GPUs.
 *
 * @param gpuWatts by index
 */
public record NodePower(NodeId nodeId, List<Double> gpuWatts) {
    public NodePower {
        gpuWatts = List.copyOf(gpuWatts);
    }

    public static NodePower of(NodeTelemetry sample) {
        return new NodePower(
                sample.nodeId(),
                sample.gpus().stream().map(NodeTelemetry.Gpu::powerWatts).toList());
    }

    /** Returns the power of an allocation: its share of the power of each of its GPUs. Exact for whole GPUs. */
    double watts(Allocation allocation) {
        double watts = 0;
        for (int gpu : allocation.gpus()) {
            watts += gpu < gpuWatts.size() ? gpuWatts.get(gpu) : 0;
        }
        return watts * allocation.gpuMilli() / GpuRequest.WHOLE;
    }
}
