package io.gpuctl.api.metrics;

import io.gpuctl.api.nodes.Moment;
import io.gpuctl.events.DcgmField;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.NodeTelemetry.Share;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.Metric.Kind;
import io.gpuctl.events.metrics.MetricsText;
import io.gpuctl.events.metrics.MetricsText.Family;
import io.gpuctl.events.metrics.MetricsText.Labels;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.RunningTask;
import io.gpuctl.telemetry.views.XidCounts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The metrics page of a node; {@code docs/gpu-metrics.md} has the rules. */
final class NodePage {
    private static final Map<DcgmField, Family> DCGM = new EnumMap<>(DcgmField.class);
    private static final Map<Metric, Family> OURS = new EnumMap<>(Metric.class);

    static {
        for (DcgmField field : DcgmField.values()) {
            DCGM.put(field, new Family(field.dcgmId(), field.kind(), field.help()));
        }
        for (Metric metric : Metric.values()) {
            if (metric.scope() == Metric.Scope.NODE) {
                OURS.put(metric, Family.of(metric));
            }
        }
    }

    /**
     * Initial capacity of a page without its GPUs, and for each GPU, bytes: large enough that the buffer need not grow.
     */
    private static final int CAPACITY_BYTES = 16_384;

    private static final int CAPACITY_BYTES_PER_GPU = 14_336;

    private static final double MS_PER_SECOND = 1_000;
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final int DECIMALS = 3;
    private static final String XID_LABEL = "xid";

    private final NodeView view;
    private final String node;
    private final List<MeteredGpu> gpus;
    private final MetricsText text;

    private NodePage(NodeView view, List<MeteredGpu> gpus) {
        this.view = view;
        this.gpus = gpus;
        node = view.inventory().nodeId().value();
        text = new MetricsText(CAPACITY_BYTES + CAPACITY_BYTES_PER_GPU * gpus.size());
    }

    /**
     * Returns the page at this moment.
     *
     * @param sample the last measurements of the node; null if unknown
     * @param speed speed of the cluster's clock
     */
    static byte[] of(NodeView view, @Nullable NodeTelemetry sample, Moment moment, double speed) {
        var current = sample != null && moment.isCurrent(view, sample) ? sample : null;
        var page = new NodePage(view, MeteredGpu.all(view, current));
        double ageSeconds = sample == null ? Double.POSITIVE_INFINITY : moment.ageMs(sample) / speed / MS_PER_SECOND;
        page.writeNode(ageSeconds);
        page.writeGpus();
        if (current != null) {
            page.writeDcgm();
            page.writeTasks(current.shares());
        }
        return page.text.toBytes();
    }

    private void writeNode(double ageSeconds) {
        var inventory = view.inventory();
        begin(Metric.NODE_INFO);
        text.sample(
                labels(Metric.NODE_INFO, node, inventory.pool().value(), inventory.rack(), inventory.gpuModel()), 1);
        begin(Metric.NODE_HEALTH);
        for (var health : NodeHealth.values()) {
            String word = health.name().toLowerCase(Locale.ROOT);
            text.sample(labels(Metric.NODE_HEALTH, node, word), health == view.health() ? 1 : 0);
        }
        begin(Metric.NODE_TELEMETRY_AGE);
        text.sample(labels(Metric.NODE_TELEMETRY_AGE, node), ageSeconds, DECIMALS);
    }

    private void writeGpus() {
        if (gpus.isEmpty()) {
            return;
        }
        begin(Metric.GPU_INFO);
        var hardware = view.inventory().hardware();
        for (var gpu : gpus) {
            text.sample(
                    labels(
                            Metric.GPU_INFO,
                            gpu.index(),
                            gpu.uuid(),
                            hardware.pciBusIds().get(gpu.number()),
                            hardware.serials().get(gpu.number()),
                            hardware.vbiosVersion(),
                            node),
                    1);
        }
        begin(Metric.GPU_UP);
        for (var gpu : gpus) {
            text.sample(gpu.labels(), gpu.isUp() ? 1 : 0);
        }
        writeXids();
        if (gpus.stream().noneMatch(gpu -> gpu.sample() != null)) {
            return;
        }
        begin(Metric.GPU_MAX_OPERATING);
        for (var gpu : gpus) {
            text.sample(gpu.labels(), view.inventory().slowdownCelsius(), DECIMALS);
        }
        begin(Metric.GPU_ALLOCATED);
        for (var gpu : gpus) {
            text.sample(gpu.labels(), gpu.heldMilli() / (double) GpuRequest.WHOLE, DECIMALS);
        }
    }

    private void writeXids() {
        if (gpus.stream().anyMatch(gpu -> !gpu.xids().isEmpty())) {
            begin(Metric.GPU_XIDS);
            for (var gpu : gpus) {
                gpu.xids()
                        .forEach((xid, count) -> text.sample(
                                gpu.labels().and(XID_LABEL, xid == XidCounts.OTHER ? "other" : Integer.toString(xid)),
                                count));
            }
        }
    }

    private void writeDcgm() {
        for (var entry : DCGM.entrySet()) {
            writeDcgm(entry.getKey(), entry.getValue());
        }
    }

    private void writeDcgm(DcgmField field, Family family) {
        boolean isBegun = false;
        for (var gpu : gpus) {
            NodeTelemetry.Gpu sample = gpu.sample();
            double value = sample == null ? Double.NaN : field.served(sample, view.inventory());
            if (Double.isNaN(value)) {
                continue;
            }
            if (!isBegun) {
                text.begin(family);
                isBegun = true;
            }
            var labels = field == DcgmField.XID_ERRORS
                    ? gpu.xidLabels((int) value)
                    : field.kind() == Kind.COUNTER ? gpu.dcgmLabels() : gpu.taskLabels();
            text.sample(labels, value, field.servedDecimals());
        }
    }

    /**
     * One attempt on one GPU.
     *
     * @param share what the attempt uses of a shared GPU; null if unknown
     */
    private record Part(
            MeteredGpu gpu, RunningTask task, @Nullable Share share, Labels labels) {
        /**
         * Returns a value of the attempt: the value of the whole GPU if the attempt owns it, otherwise of its share;
         * NaN if unknown.
         */
        double value(ToDoubleFunction<NodeTelemetry.Gpu> ofGpu, ToDoubleFunction<Share> ofShare) {
            NodeTelemetry.Gpu sample = gpu.sample();
            if (sample == null) {
                return Double.NaN;
            }
            if (gpu.owner() != null) {
                return ofGpu.applyAsDouble(sample);
            }
            return share == null ? Double.NaN : ofShare.applyAsDouble(share);
        }
    }

    private void writeTasks(List<Share> shares) {
        List<Part> parts = new ArrayList<>();
        for (var gpu : gpus) {
            for (var task : gpu.holders()) {
                parts.add(new Part(
                        gpu,
                        task,
                        share(gpu, task, shares),
                        labels(
                                Metric.TASK_SHARE,
                                gpu.index(),
                                node,
                                task.attempt().taskId().value(),
                                Integer.toString(task.attempt().number()))));
            }
        }
        write(Metric.TASK_SHARE, parts, part -> part.task().allocation().gpuMilli() / (double) GpuRequest.WHOLE);
        write(Metric.TASK_POWER, parts, part -> part.value(NodeTelemetry.Gpu::powerWatts, Share::powerWatts));
        write(Metric.TASK_UTILIZATION, parts, part -> part.value(NodeTelemetry.Gpu::utilization, Share::utilization));
        // On a shared GPU, an attempt counts as using exactly the memory that it holds.
        write(
                Metric.TASK_MEMORY,
                parts,
                part -> part.value(
                        gpu -> gpu.memoryUsedMib() * BYTES_PER_MIB,
                        _ -> part.task().allocation().gpuMemoryMib() * BYTES_PER_MIB));
    }

    private static @Nullable Share share(MeteredGpu gpu, RunningTask task, List<Share> shares) {
        for (var share : shares) {
            if (share.gpu() == gpu.number() && share.attempt().equals(task.attempt())) {
                return share;
            }
        }
        return null;
    }

    private void write(Metric metric, List<Part> parts, ToDoubleFunction<Part> value) {
        boolean isBegun = false;
        for (var part : parts) {
            double known = value.applyAsDouble(part);
            if (Double.isNaN(known)) {
                continue;
            }
            if (!isBegun) {
                begin(metric);
                isBegun = true;
            }
            text.sample(part.labels(), known, DECIMALS);
        }
    }

    private void begin(Metric metric) {
        text.begin(Objects.requireNonNull(OURS.get(metric)));
    }

    private static Labels labels(Metric metric, String... values) {
        return Labels.of(metric.labels(), values);
    }
}
