package io.gpuctl.telemetry.views;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import java.util.List;

/**
 * What a node's GPUs drew when they were measured last.
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

    /** Of each GPU that it holds, the share that it holds: exact where it holds whole GPUs. */
    double watts(Allocation allocation) {
        double watts = 0;
        for (int gpu : allocation.gpus()) {
            watts += gpu < gpuWatts.size() ? gpuWatts.get(gpu) : 0;
        }
        return watts * allocation.gpuMilli() / GpuRequest.WHOLE;
    }
}
