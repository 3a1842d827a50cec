package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.DcgmField;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.telemetry.core.NodeRecord;
import io.gpuctl.telemetry.core.RunningTask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The series of a node and of its GPUs. What was measured comes from telemetry; where there is none, from the smoothed
 * conditions that the facts hold, which tell temperature, utilization, power and memory.
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
            sink.sample(Metric.NODE_HEALTH, node.health() == health ? 1 : 0, name, Words.of(health));
        }
    }

    void collectGpus(NodeRecord node, long nowMs, Sink sink) {
        NodeInventory inventory = node.inventory();
        String name = inventory.nodeId().value();
        List<RunningTask> held = past.held(inventory.nodeId());
        NodeTelemetry telemetry = past.telemetry(node);
        NodeCondition condition = past.condition(node);
        for (int gpu = 0; gpu < inventory.gpuCount(); gpu++) {
            boolean isUp =
                    node.state() == NodeState.UP && !node.upkeep().gpusOut().containsKey(gpu);
            sink.sample(Metric.GPU_UP, isUp ? 1 : 0, Integer.toString(gpu), "", name);
            if (node.state() != NodeState.UP) {
                continue;
            }
            sink.sample(Metric.GPU_ALLOCATED, share(heldMilli(held, gpu)), Integer.toString(gpu), "", name);
            sink.sample(Metric.GPU_MAX_OPERATING, inventory.slowdownCelsius(), Integer.toString(gpu), "", name);
            if (telemetry != null && gpu < telemetry.gpus().size()) {
                measured(node, gpu, telemetry, nowMs, sink);
                tasks(held, name, gpu, Reading.of(telemetry.gpus().get(gpu)), sink);
            } else if (condition != null && gpu < condition.gpus().size()) {
                smoothed(node, gpu, condition.gpus().get(gpu), sink);
                tasks(held, name, gpu, Reading.of(condition.gpus().get(gpu)), sink);
            }
        }
        past.xids(inventory.nodeId())
                .forEach((error, count) -> sink.sample(
                        Metric.GPU_XIDS,
                        count.doubleValue(),
                        Integer.toString(error.gpu()),
                        "",
                        name,
                        Integer.toString(error.xid())));
    }

    private void measured(NodeRecord node, int gpu, NodeTelemetry telemetry, long nowMs, Sink sink) {
        SequencedMap<String, String> labels = labels(node.inventory(), gpu);
        for (DcgmField field : DcgmField.values()) {
            sink.sample(field, counters.value(field, node, gpu, telemetry, nowMs), labels);
        }
    }

    private static void smoothed(NodeRecord node, int gpu, NodeCondition.Gpu condition, Sink sink) {
        SequencedMap<String, String> labels = labels(node.inventory(), gpu);
        sink.sample(DcgmField.GPU_UTIL, PERCENT * condition.utilization(), labels);
        sink.sample(DcgmField.FB_USED, (double) condition.memoryUsedMib(), labels);
        sink.sample(DcgmField.POWER_USAGE, condition.powerWatts(), labels);
        sink.sample(DcgmField.GPU_TEMP, condition.temperatureCelsius(), labels);
    }

    /** As dcgm-exporter has them. */
    private static SequencedMap<String, String> labels(NodeInventory inventory, int gpu) {
        SequencedMap<String, String> labels = new LinkedHashMap<>();
        labels.put("gpu", Integer.toString(gpu));
        labels.put("device", "nvidia" + gpu);
        labels.put("modelName", inventory.gpuModel());
        labels.put("hostname", inventory.nodeId().value());
        labels.put("Hostname", inventory.nodeId().value());
        return labels;
    }

    /** What of a GPU is divided among its tasks. */
    private record Reading(double utilization, double powerWatts, double memoryMib) {
        static Reading of(NodeTelemetry.Gpu gpu) {
            return new Reading(gpu.utilization(), gpu.powerWatts(), gpu.memoryUsedMib());
        }

        static Reading of(NodeCondition.Gpu gpu) {
            return new Reading(gpu.utilization(), gpu.powerWatts(), gpu.memoryUsedMib());
        }
    }

    /** Tasks that share a GPU are told to use it by their shares: what each of them does to it is not recorded. */
    private static void tasks(List<RunningTask> held, String node, int gpu, Reading reading, Sink sink) {
        int all = heldMilli(held, gpu);
        for (RunningTask task : held) {
            Allocation allocation = task.allocation();
            if (task.over() || all == 0 || !allocation.gpus().contains(gpu)) {
                continue;
            }
            double part = (double) allocation.gpuMilli() / all;
            String[] labels = {
                Integer.toString(gpu),
                node,
                task.attempt().taskId().value(),
                Integer.toString(task.attempt().number())
            };
            sink.sample(Metric.TASK_SHARE, share(allocation.gpuMilli()), labels);
            sink.sample(Metric.TASK_POWER, part * reading.powerWatts(), labels);
            sink.sample(Metric.TASK_UTILIZATION, part * reading.utilization(), labels);
            sink.sample(Metric.TASK_MEMORY, Math.rint(part * reading.memoryMib() * BYTES_PER_MIB), labels);
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

    /** Sums over the GPUs that are measured. */
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
