package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.DcgmField;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.NodeTelemetry.Clocks;
import io.gpuctl.telemetry.views.NodeRecord;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Counters of GPUs between two measurements. Virtual time does not measure a node while nothing on it changes, so the
 * estimate extrapolates the power and the throttling of the last measurement. A counter never falls while the node is
 * up.
 */
final class RestingCounters {
    private static final double NS_PER_MS = 1e6;

    private final Map<NodeId, Node> nodes = new HashMap<>();

    /** The last values of the counters since a node started, for each GPU. */
    private static final class Node {
        final long incarnation;
        final Map<DcgmField, double[]> told = new EnumMap<>(DcgmField.class);

        Node(long incarnation) {
            this.incarnation = incarnation;
        }
    }

    /** Returns the value of a field at {@code nowMs}, in DCGM's unit; NaN if the value is unknown. */
    double value(DcgmField field, NodeRecord node, int gpu, NodeTelemetry newest, long nowMs) {
        NodeTelemetry.Gpu sample = newest.gpus().get(gpu);
        double value = field.served(sample, node.inventory());
        double passedMs = Math.max(0, nowMs - newest.atMs());
        return switch (field) {
            case TOTAL_ENERGY_CONSUMPTION -> rising(field, node, gpu, value + sample.powerWatts() * passedMs);
            case THERMAL_VIOLATION -> rising(field, node, gpu, value + (sample.throttled() ? passedMs * NS_PER_MS : 0));
            case POWER_VIOLATION ->
                rising(field, node, gpu, value + (isPowerCapped(sample) ? passedMs * NS_PER_MS : 0));
            default -> rounded(value, field.servedDecimals());
        };
    }

    private static double rounded(double value, int decimals) {
        double steps = Math.pow(10, decimals);
        return Double.isNaN(value) ? value : Math.round(value * steps) / steps;
    }

    private static boolean isPowerCapped(NodeTelemetry.Gpu gpu) {
        return (gpu.clocks().eventReasons() & Clocks.SW_POWER_CAP) != 0;
    }

    private double rising(DcgmField field, NodeRecord record, int gpu, double value) {
        Node node = nodes.get(record.inventory().nodeId());
        if (node == null || node.incarnation != record.incarnation()) {
            node = new Node(record.incarnation());
            nodes.put(record.inventory().nodeId(), node);
        }
        double[] told = node.told.computeIfAbsent(
                field, _ -> new double[record.inventory().gpuCount()]);
        told[gpu] = Math.max(told[gpu], Math.rint(value));
        return told[gpu];
    }
}
