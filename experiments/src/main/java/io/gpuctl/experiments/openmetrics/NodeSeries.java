package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.DcgmField;
import io.gpuctl.events.GpuHardware;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.RunningTask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * The series of a node and of its GPUs. Measurements come from telemetry. Without telemetry, they come from the
 * smoothed conditions in the facts, which have only temperature, utilization, power and memory.
 */
final class NodeSeries {
    private static final double PERCENT = 100;
    private static final double BYTES_PER_MIB = 1 << 20;

    private final ClusterPast past;
    private final RestingCounters counters = new RestingCounters();

    NodeSeries(ClusterPast past) {
        this.past = past;
    }

    /** Takes the values of a node's series. */
    interface Sink {
        void sample(Metric metric, double value, String... labelValues);

        void sample(DcgmField field, double value, SequencedMap<String, String> labels);
    }

    void collectNode(NodeRecord node, Sink sink) {
        NodeInventory inventory = node.inventory();
        String name = inventory.nodeId().value();
        sink.sample(Metric.NODE_INFO, 1, name, inventory.pool().value(), inventory.rack(), inventory.gpuModel());
        for (var health : NodeHealth.values()) {
            String word = health.name().toLowerCase(Locale.ROOT);
            sink.sample(Metric.NODE_HEALTH, node.health() == health ? 1 : 0, name, word);
        }
    }

    void collectGpus(NodeRecord node, long nowMs, Sink sink) {
        NodeInventory inventory = node.inventory();
        GpuHardware hardware = inventory.hardware();
        List<RunningTask> held = past.held(inventory.nodeId());
        for (int index = 0; index < inventory.gpuCount(); index++) {
            var gpu = new Gpu(node, index, hardware);
            boolean isUp =
                    node.state() == NodeState.UP && !node.upkeep().gpusOut().containsKey(index);
            gpu.info(sink);
            sink.sample(Metric.GPU_UP, isUp ? 1 : 0, gpu.labels());
            if (isUp) {
                sink.sample(Metric.GPU_ALLOCATED, share(heldMilli(held, index)), gpu.labels());
                sink.sample(Metric.GPU_MAX_OPERATING, inventory.slowdownCelsius(), gpu.labels());
                collectMeasured(gpu, held, nowMs, sink);
            }
        }
        past.xids(inventory.nodeId()).forEach((error, count) -> {
            String[] of = new Gpu(node, error.gpu(), hardware).labels();
            sink.sample(Metric.GPU_XIDS, count.doubleValue(), of[0], of[1], of[2], Integer.toString(error.xid()));
        });
    }

    /** A GPU; {@code index} is -1 for the node itself. */
    private record Gpu(NodeRecord node, int index, GpuHardware hardware) {
        String nodeName() {
            return node.inventory().nodeId().value();
        }

        String uuid() {
            return index < 0 || index >= hardware.uuids().size()
                    ? ""
                    : hardware.uuids().get(index);
        }

        /** Returns the labels of our own series. */
        String[] labels() {
            return new String[] {Integer.toString(index), uuid(), nodeName()};
        }

        void info(Sink sink) {
            sink.sample(
                    Metric.GPU_INFO,
                    1,
                    Integer.toString(index),
                    uuid(),
                    hardware.pciBusIds().get(index),
                    hardware.serials().get(index),
                    hardware.vbiosVersion(),
                    nodeName());
        }

        /**
         * Returns the labels of dcgm-exporter, without the task: each new task would begin new series of all fields.
         */
        SequencedMap<String, String> dcgmLabels() {
            SequencedMap<String, String> labels = new LinkedHashMap<>();
            labels.put("gpu", Integer.toString(index));
            labels.put("UUID", uuid());
            labels.put("pci_bus_id", hardware.pciBusIds().get(index));
            labels.put("device", "nvidia" + index);
            labels.put("modelName", node.inventory().gpuModel());
            labels.put("hostname", nodeName());
            labels.put("Hostname", nodeName());
            labels.put("DCGM_FI_DRIVER_VERSION", hardware.driverVersion());
            return labels;
        }
    }

    private void collectMeasured(Gpu gpu, List<RunningTask> held, long nowMs, Sink sink) {
        NodeTelemetry telemetry = past.telemetry(gpu.node());
        NodeCondition condition = past.condition(gpu.node());
        if (telemetry != null && gpu.index() < telemetry.gpus().size()) {
            measured(gpu, telemetry, nowMs, sink);
            tasks(held, gpu, Reading.of(telemetry.gpus().get(gpu.index())), sink);
        } else if (condition != null && gpu.index() < condition.gpus().size()) {
            smoothed(gpu, condition.gpus().get(gpu.index()), sink);
            tasks(held, gpu, Reading.of(condition.gpus().get(gpu.index())), sink);
        }
    }

    private void measured(Gpu gpu, NodeTelemetry telemetry, long nowMs, Sink sink) {
        SequencedMap<String, String> labels = gpu.dcgmLabels();
        for (DcgmField field : DcgmField.values()) {
            double value = counters.value(field, gpu.node(), gpu.index(), telemetry, nowMs);
            if (!Double.isNaN(value)) {
                sink.sample(field, value, labels);
            }
        }
    }

    private static void smoothed(Gpu gpu, NodeCondition.Gpu condition, Sink sink) {
        SequencedMap<String, String> labels = gpu.dcgmLabels();
        sink.sample(DcgmField.GPU_UTIL, PERCENT * condition.utilization(), labels);
        sink.sample(DcgmField.FB_USED, (double) condition.memoryUsedMib(), labels);
        sink.sample(DcgmField.POWER_USAGE, condition.powerWatts(), labels);
        sink.sample(DcgmField.GPU_TEMP, condition.temperatureCelsius(), labels);
    }

    /** The measurements of a GPU that are also reported for its tasks. */
    private record Reading(double utilization, double powerWatts, double memoryMib) {
        static Reading of(NodeTelemetry.Gpu gpu) {
            return new Reading(gpu.utilization(), gpu.powerWatts(), gpu.memoryUsedMib());
        }

        static Reading of(NodeCondition.Gpu gpu) {
            return new Reading(gpu.utilization(), gpu.powerWatts(), gpu.memoryUsedMib());
        }
    }

    /**
     * Reports the attempts on a GPU. An attempt that holds a whole GPU gets all of its measurements; the measurements
     * of attempts that share a GPU are not recorded.
     */
    private static void tasks(List<RunningTask> held, Gpu gpu, Reading reading, Sink sink) {
        for (RunningTask task : held) {
            Allocation allocation = task.allocation();
            if (task.over() || !allocation.gpus().contains(gpu.index())) {
                continue;
            }
            String[] labels = {
                Integer.toString(gpu.index()),
                gpu.nodeName(),
                task.attempt().taskId().value(),
                Integer.toString(task.attempt().number())
            };
            sink.sample(Metric.TASK_SHARE, share(allocation.gpuMilli()), labels);
            if (allocation.gpuMilli() == GpuRequest.WHOLE) {
                sink.sample(Metric.TASK_POWER, reading.powerWatts(), labels);
                sink.sample(Metric.TASK_UTILIZATION, reading.utilization(), labels);
                sink.sample(Metric.TASK_MEMORY, reading.memoryMib() * BYTES_PER_MIB, labels);
            }
        }
    }

    private static int heldMilli(List<RunningTask> held, int gpu) {
        int milli = 0;
        for (RunningTask task : held) {
            milli += task.allocation().gpus().contains(gpu) ? task.allocation().gpuMilli() : 0;
        }
        return milli;
    }

    private static double share(int milli) {
        return (double) milli / GpuRequest.WHOLE;
    }

    /** Sums over the measured GPUs. */
    record Totals(int gpus, double watts, double utilization, int throttled, double hottest) {
        static final Totals NONE = new Totals(0, 0, 0, 0, Double.NEGATIVE_INFINITY);

        Totals plus(double moreWatts, double moreUtilization, boolean isThrottled, double celsius) {
            return new Totals(
                    gpus + 1,
                    watts + moreWatts,
                    utilization + moreUtilization,
                    throttled + (isThrottled ? 1 : 0),
                    Math.max(hottest, celsius));
        }
    }

    Totals totals() {
        Totals totals = Totals.NONE;
        for (NodeRecord node : past.nodes()) {
            NodeTelemetry telemetry = past.telemetry(node);
            NodeCondition condition = past.condition(node);
            if (telemetry != null) {
                for (NodeTelemetry.Gpu gpu : telemetry.gpus()) {
                    totals =
                            totals.plus(gpu.powerWatts(), gpu.utilization(), gpu.throttled(), gpu.temperatureCelsius());
                }
            } else if (condition != null) {
                for (NodeCondition.Gpu gpu : condition.gpus()) {
                    totals = totals.plus(gpu.powerWatts(), gpu.utilization(), false, gpu.temperatureCelsius());
                }
            }
        }
        return totals;
    }
}
