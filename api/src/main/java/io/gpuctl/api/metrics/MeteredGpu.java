package io.gpuctl.api.metrics;

import io.gpuctl.events.GpuHardware;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.Xid;
import io.gpuctl.events.XidCatalogue;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricsText.Labels;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.RunningTask;
import io.gpuctl.telemetry.views.XidCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A GPU on the metrics page of its node, with the labels of its series.
 *
 * @param sample the current measurements; null if there are none
 * @param isUp whether the GPU works
 * @param holders the attempts that hold a share of the GPU, by id
 * @param owner the attempt that holds the whole GPU; null if none does
 * @param xids number of each driver error since the node started
 * @param labels labels of gpuctl's own series
 * @param dcgmLabels labels of DCGM series
 * @param taskLabels labels of DCGM series, with the owner
 */
record MeteredGpu(
        int number,
        String uuid,
        NodeTelemetry.@Nullable Gpu sample,
        boolean isUp,
        List<RunningTask> holders,
        @Nullable RunningTask owner,
        SortedMap<Integer, Long> xids,
        Labels labels,
        Labels dcgmLabels,
        Labels taskLabels) {

    /** The labels of dcgm-exporter, in its order. The exporter renamed {@code Hostname}; dashboards use either name. */
    private static final List<String> DCGM_LABELS = List.of(
            "gpu", "UUID", "pci_bus_id", "device", "modelName", "hostname", "Hostname", "DCGM_FI_DRIVER_VERSION");

    private static final String TASK_LABEL = "hpc_job";
    private static final int OF_NODE = -1;
    private static final int FALLEN_OFF_THE_BUS = 79;

    /** Returns all GPUs of a node; {@code current} is null if there are no current measurements. */
    static List<MeteredGpu> all(NodeView view, @Nullable NodeTelemetry current) {
        List<MeteredGpu> gpus = new ArrayList<>();
        var hardware = view.inventory().hardware();
        for (int gpu = 0; gpu < view.inventory().gpuCount(); gpu++) {
            var xids = xids(gpu, view);
            gpus.add(of(gpu, view, hardware, xids, sample(gpu, view, xids, current)));
        }
        return gpus;
    }

    private static NodeTelemetry.@Nullable Gpu sample(
            int gpu, NodeView view, SortedMap<Integer, Long> xids, @Nullable NodeTelemetry current) {
        return current == null || gpu >= current.gpus().size() || isLost(gpu, view, xids)
                ? null
                : current.gpus().get(gpu);
    }

    private static MeteredGpu of(
            int gpu,
            NodeView view,
            GpuHardware hardware,
            SortedMap<Integer, Long> xids,
            NodeTelemetry.@Nullable Gpu sample) {
        var inventory = view.inventory();
        String index = Integer.toString(gpu);
        String node = inventory.nodeId().value();
        String uuid = hardware.uuids().get(gpu);
        var holders = view.running().stream()
                .filter(task -> task.allocation().gpus().contains(gpu))
                .toList();
        var owner = holders.stream()
                .filter(task -> task.allocation().gpuMilli() == GpuRequest.WHOLE)
                .findFirst()
                .orElse(null);
        var dcgm = Labels.of(
                DCGM_LABELS,
                index,
                uuid,
                hardware.pciBusIds().get(gpu),
                "nvidia" + index,
                inventory.gpuModel(),
                node,
                node,
                hardware.driverVersion());
        return new MeteredGpu(
                gpu,
                uuid,
                sample,
                sample != null && xids.keySet().stream().noneMatch(MeteredGpu::takesGpuOut),
                holders,
                owner,
                xids,
                Labels.of(Metric.GPU_UP.labels(), index, uuid, node),
                dcgm,
                withOwner(dcgm, owner));
    }

    private static Labels withOwner(Labels labels, @Nullable RunningTask owner) {
        return owner == null
                ? labels
                : labels.and(TASK_LABEL, owner.attempt().taskId().value());
    }

    /**
     * Returns whether the driver no longer reaches the GPU, because it has switched itself off, or has fallen off the
     * bus.
     */
    private static boolean isLost(int gpu, NodeView view, SortedMap<Integer, Long> xids) {
        return view.upkeep().gpusOut().containsKey(gpu) || xids.containsKey(FALLEN_OFF_THE_BUS);
    }

    /** Returns whether the GPU runs nothing until its node restarts; the driver may still reach it. */
    private static boolean takesGpuOut(int xid) {
        return xid != XidCounts.OTHER
                && switch (XidCatalogue.of(xid).action()) {
                    case TAKE_GPU_OUT, DRAIN_NODE -> true;
                    case NOTE, END_ATTEMPTS, CORDON_NODE -> false;
                };
    }

    /**
     * Returns the number of each driver error since the node started; an error of the node counts for each of its GPUs.
     */
    private static SortedMap<Integer, Long> xids(int gpu, NodeView view) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int index : List.of(gpu, OF_NODE)) {
            if (view.xids() != null) {
                view.xids().of(index).forEach((xid, count) -> counts.merge(xid, count, Long::sum));
            }
            var last = view.upkeep().lastXids().get(index);
            if (last != null) {
                counts.putIfAbsent(last.xid(), 1L); // Older programs stored only the last error.
            }
        }
        return counts;
    }

    /** Returns the index for labels. */
    String index() {
        return Integer.toString(number);
    }

    /** Returns how much of the GPU is held, in thousandths. */
    int heldMilli() {
        return holders.stream().mapToInt(task -> task.allocation().gpuMilli()).sum();
    }

    /** Returns the labels for the last driver error, with its number and meaning. */
    Labels xidLabels(int xid) {
        String meaning = xid < 1 || xid > Xid.NUMBER_MAX
                ? "No Error"
                : XidCatalogue.of(xid).meaning();
        return withOwner(dcgmLabels.and("err_code", Integer.toString(xid)).and("err_msg", meaning), owner);
    }
}
