package io.gpuctl.api.nodes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.nodes.Upkeep.Cordoned;
import io.gpuctl.events.DcgmField;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.GpuHardware;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.XidCatalogue;
import io.gpuctl.telemetry.views.NodeFault;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.RunningTask;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A node as clients see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "A node. Unknown values are absent.")
record Node(
        @Schema(examples = "7") String nodeId,
        @Schema(examples = "default") String pool,

        @Schema(
                description = "The node's rack, shared with nodes of its pool that warm its inlet; empty if the"
                        + " node is in no rack.")
        String rack,

        @Schema(description = "Whether the node can get work.")
        NodeState state,

        @Schema(description = "The node's health, in one word.")
        NodeHealth health,

        @Schema(
                description = "Why the node is not healthy, as text; absent if it is healthy.",
                examples = "35s without a heartbeat")
        @Nullable
        String reason,

        @Schema(description = "The cordon that keeps new tasks off the node; absent if the node gets new tasks.")
        @Nullable
        Cordoned cordon,

        @Schema(description = "GPUs that do not work.") List<Upkeep.Out> gpusOut,

        @Schema(description = "Consecutive reports that the node was slow.", examples = "0")
        int slowReports,

        @Schema(description = "The last driver error of each GPU that had one since the node started.")
        List<Upkeep.LastXid> lastXids,

        @Schema(description = "When the node entered its state.")
        Instant stateSince,

        @Schema(description = "When the node started.") Instant registeredAt,
        @Schema(examples = "A100-SXM4-80GB") String gpuModel,
        @Schema(examples = "8") int gpuCount,

        @Schema(description = "Memory of each GPU, MiB.", examples = "81920")
        long gpuMemoryMib,

        @Schema(description = "GPUs held by tasks; 0.5 is half a GPU. Absent if the node is not up.", examples = "2.5")
        @Nullable
        BigDecimal gpusAllocated,

        @Schema(
                description = "Only if the node is not up: GPUs that tasks held when the node last reported. No other"
                        + " task gets these GPUs until the node answers.",
                examples = "8")
        @Nullable
        BigDecimal gpusHeld,

        @Schema(description = "Thousandths of a core.", examples = "128000")
        long cpuMilli,

        @Schema(description = "Main memory, MiB.", examples = "1048576")
        long memoryMib,

        @Schema(description = "Power of one GPU at full load.", examples = "400")
        double gpuLimitPowerWatts,

        @Schema(description = "Temperature above which a GPU lowers its clock.", examples = "85")
        double slowdownCelsius,

        @Schema(
                description = "The driver's data about the GPUs, or data derived from the node's id if the node"
                        + " reports none; only for a single node, or with include=telemetry.")
        @Nullable
        Hardware gpuHardware,

        @Schema(description = "The attempts that hold resources on the node.")
        List<Running> tasks,

        @Schema(description = "The last fault that the node reported.") @Nullable
        Fault lastFault,

        @Schema(
                description = "Current measurements of the node's GPUs; absent while the node is not up or sends"
                        + " nothing. Only for a single node, or with include=telemetry.")
        @Nullable
        Measured telemetry,

        @Schema(
                description = "Last measurements of the node's GPUs, not current ones, while the node is not up or"
                        + " sends nothing. Only for a single node, or with include=telemetry.")
        @Nullable
        Measured lastTelemetry) {

    /** What the driver reports about the GPUs. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "GpuHardware")
    record Hardware(
            @Schema(examples = "570.172.08") String driverVersion,
            @Schema(examples = "92.00.45.00.03") String vbiosVersion,

            @Schema(description = "0 if unknown.", examples = "1410")
            int maxSmClockMhz,

            @Schema(description = "0 if unknown.", examples = "1593")
            int maxMemoryClockMhz,

            @Schema(description = "Highest power limit that can be set for a GPU; 0 if unknown.", examples = "400")
            double maxPowerWatts,

            @Schema(description = "GPUs in the order of their indices.")
            List<Device> gpus) {

        /** One GPU. */
        @JsonNaming(SnakeCaseStrategy.class)
        @Schema(name = "GpuDevice")
        record Device(
                @Schema(examples = "GPU-31d15cc3-19a9-350e-bdf5-4515ce0901fb")
                String uuid,

                @Schema(examples = "00000000:07:00.0") String pciBusId,
                @Schema(examples = "1652922012345") String serial) {}

        static Hardware of(GpuHardware hardware) {
            return new Hardware(
                    hardware.driverVersion(),
                    hardware.vbiosVersion(),
                    hardware.maxSmClockMhz(),
                    hardware.maxMemoryClockMhz(),
                    hardware.maxPowerWatts(),
                    IntStream.range(0, hardware.uuids().size())
                            .mapToObj(gpu -> new Device(
                                    hardware.uuids().get(gpu),
                                    hardware.pciBusIds().get(gpu),
                                    hardware.serials().get(gpu)))
                            .toList());
        }
    }

    /** An attempt on the node. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "NodeTask")
    record Running(
            @Schema(examples = "task_001") String taskId,
            @Schema(examples = "1") int attempt,

            @Schema(description = "GPUs by index.", examples = "[0]")
            List<Integer> gpus,

            @Schema(description = "Thousandths of each GPU.", examples = "1000")
            int gpuMilli,

            @Schema(description = "Memory of each GPU, MiB.", examples = "16384")
            long gpuMemoryMib,

            @Schema(
                    description = "Whether the attempt has ended for the orchestrator, although the silent node"
                            + " may still run it.")
            boolean over) {

        static Running of(RunningTask task) {
            var allocation = task.allocation();
            return new Running(
                    task.attempt().taskId().value(),
                    task.attempt().number(),
                    allocation.gpus(),
                    allocation.gpuMilli(),
                    allocation.gpuMemoryMib(),
                    task.over());
        }
    }

    /** A fault of the node. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "NodeFault")
    record Fault(
            @Schema(implementation = FaultKind.class, examples = "xid")
            String kind,

            @Schema(description = "Index of the GPU; -1 if the fault is the node's.")
            int gpu,

            @Schema(description = "Number of the driver error; 0 if the fault was no driver error.", examples = "79")
            int xid,

            @Schema(
                    description = "NVIDIA's name of the driver error; absent if the fault was no driver error.",
                    examples = "ROBUST_CHANNEL_GPU_HAS_FALLEN_OFF_THE_BUS")
            @Nullable
            String name,

            @Schema(
                    description = "Meaning of the driver error; absent if the fault was no driver error.",
                    examples = "GPU has fallen off the bus")
            @Nullable
            String meaning,

            String detail,
            Instant at) {

        static @Nullable Fault of(@Nullable NodeFault fault) {
            if (fault == null) {
                return null;
            }
            var xid = fault.xid() == 0 ? null : XidCatalogue.of(fault.xid());
            return new Fault(
                    fault.kind(),
                    fault.gpu(),
                    fault.xid(),
                    xid == null ? null : xid.mnemonic(),
                    xid == null ? null : xid.meaning(),
                    fault.detail(),
                    Instant.ofEpochMilli(fault.atMs()));
        }
    }

    /** The measurements of all GPUs at one moment. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "NodeTelemetry")
    record Measured(
            Instant at,

            @Schema(description = "Age of the measurements, seconds of cluster time.", examples = "0.7")
            BigDecimal ageSeconds,

            List<Gpu> gpus) {

        static Measured of(NodeTelemetry telemetry, Moment moment) {
            return new Measured(
                    Instant.ofEpochMilli(telemetry.atMs()),
                    ageSeconds(telemetry, moment),
                    telemetry.gpus().stream().map(Gpu::of).toList());
        }

        static BigDecimal ageSeconds(NodeTelemetry telemetry, Moment moment) {
            return BigDecimal.valueOf(moment.ageMs(telemetry), 3);
        }
    }

    /** One GPU. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "GpuTelemetry")
    record Gpu(
            @Schema(description = "0 to 1.", examples = "0.9")
            double utilization,

            @Schema(examples = "16384") long memoryUsedMib,
            @Schema(examples = "366") double powerWatts,
            @Schema(examples = "71.5") double temperatureCelsius,
            @Schema(examples = "1410") int smClockMhz,

            @Schema(description = "Whether heat has lowered the clock.")
            boolean throttled,

            @Schema(
                    description = "Reasons why the clock is below its maximum, as NVML names them.",
                    examples = "[\"sw_power_cap\"]")
            List<String> clockEventReasons,

            @Schema(
                    description = "All measured values, with DCGM's names and units: DCGM_FI_DEV_GPU_TEMP is gpu_temp.",
                    examples = "{\"gpu_util\": 90, \"gpu_temp\": 71.5, \"xid_errors\": 0}")
            Map<String, Number> dcgm) {

        static Gpu of(NodeTelemetry.Gpu gpu) {
            return new Gpu(
                    gpu.utilization(),
                    gpu.memoryUsedMib(),
                    gpu.powerWatts(),
                    gpu.temperatureCelsius(),
                    gpu.smClockMhz(),
                    gpu.throttled(),
                    gpu.clocks().reasons(),
                    DcgmField.all(gpu));
        }
    }

    /**
     * Returns the node at this moment.
     *
     * @param sample the last measurements of the node; null if unknown
     * @param isListed whether the node is one of a list, in which nodes are shown without measurements
     */
    static Node of(NodeView view, @Nullable NodeTelemetry sample, boolean isListed, Moment moment) {
        var inventory = view.inventory();
        boolean isUp = view.state() == NodeState.UP;
        var held = BigDecimal.valueOf(view.gpuMilliAllocated(), 3);
        var current = sample != null && moment.isCurrent(view, sample) ? sample : null;
        return new Node(
                inventory.nodeId().value(),
                inventory.pool().value(),
                inventory.rack(),
                view.state(),
                view.health(),
                NodeReason.of(view, current, moment),
                Cordoned.of(view.upkeep().cordon()),
                Upkeep.Out.of(view.upkeep()),
                view.upkeep().slowReports(),
                Upkeep.LastXid.of(view.upkeep()),
                Instant.ofEpochMilli(view.stateSinceMs()),
                Instant.ofEpochMilli(view.registeredAtMs()),
                inventory.gpuModel(),
                inventory.gpuCount(),
                inventory.gpuMemoryMib(),
                isUp ? held : null,
                isUp ? null : held,
                inventory.cpuMilli(),
                inventory.memoryMib(),
                inventory.gpuLimitPowerWatts(),
                inventory.slowdownCelsius(),
                isListed ? null : Hardware.of(inventory.hardware()),
                view.running().stream().map(Running::of).toList(),
                Fault.of(view.lastFault()),
                isListed || current == null ? null : Measured.of(current, moment),
                isListed || sample == null || current != null ? null : Measured.of(sample, moment));
    }
}
