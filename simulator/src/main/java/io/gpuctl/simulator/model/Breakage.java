package io.gpuctl.simulator.model;

import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.Xid;
import io.gpuctl.events.XidCatalogue;
import io.gpuctl.simulator.faults.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The effects of faults on a node: the attempts that they end, the events that the node sends, and the repairs.
 * {@code docs/faults.md} has the rules.
 */
final class Breakage {
    /** Exit code of a program that the driver has ended for the program's own error. */
    private static final int APPLICATION_EXIT_CODE = 1;

    /** Lower bound on a drawn repair time: a GPU that became too hot must cool down first. */
    private static final long COOLING_MS_MIN = 60_000;

    private static final int ROW_REMAPPED = 63;
    private static final int ROW_REMAP_FAILURE = 64;

    private final NodeModel node;
    private final List<Gpu> gpus;
    private final LongSupplier thermalRepairMs;
    private final Ailments ailments;
    private List<NodeEvent> unsaid = new ArrayList<>();

    Breakage(NodeModel node, List<Gpu> gpus, LongSupplier thermalRepairMs) {
        this.node = node;
        this.gpus = gpus;
        this.thermalRepairMs = thermalRepairMs;
        ailments = new Ailments(gpus.size());
    }

    Ailments ailments() {
        return ailments;
    }

    /** Returns the node's events since the last call. */
    List<NodeEvent> take() {
        if (unsaid.isEmpty()) {
            return List.of();
        }
        List<NodeEvent> said = unsaid;
        unsaid = new ArrayList<>();
        return said;
    }

    boolean hasWord() {
        return !unsaid.isEmpty();
    }

    long nextMs() {
        long next = ailments.nextMs();
        if (node.inlet().matters()) {
            for (int gpu = 0; gpu < gpus.size(); gpu++) {
                next = ailments.isOut(gpu) ? next : Math.min(next, gpus.get(gpu).shutdownMs());
            }
        }
        return next;
    }

    /** Carries out the repairs and thermal shutdowns that are due. */
    void happen(long atMs) {
        for (int gpu : ailments.restore(atMs)) {
            gpus.get(gpu).replan(atMs); // It has cooled down, so its planned shutdown no longer holds.
            var source = node.source();
            unsaid.add(new NodeEvent.GpuRestored(source.pool(), source.nodeId(), source.incarnation(), gpu, atMs));
        }
        if (ailments.speedUp(atMs)) {
            node.repace(atMs);
        }
        if (node.inlet().matters()) {
            for (int gpu = 0; gpu < gpus.size(); gpu++) {
                if (!ailments.isOut(gpu) && gpus.get(gpu).shutdownMs() <= atMs) {
                    shutDown(gpu, Math.max(COOLING_MS_MIN, thermalRepairMs.getAsLong()), atMs);
                }
            }
        }
    }

    boolean isWarmEnough(Fault fault, long atMs) {
        return fault.gpu() < 0
                || fault.gpu() >= gpus.size()
                || gpus.get(fault.gpu()).celsius(atMs) >= fault.minCelsius();
    }

    void strike(Fault fault, long atMs) {
        if (fault.gpu() >= gpus.size() || (fault.gpu() >= 0 && ailments.isOut(fault.gpu()))) {
            return; // The GPU does not exist or is already out of service.
        }
        if (!isWarmEnough(fault, atMs)) {
            return;
        }
        switch (fault.kind()) {
            case XID -> xid(fault, atMs);
            case THERMAL_SHUTDOWN -> {
                for (int gpu : its(fault)) {
                    shutDown(gpu, Math.max(1, fault.repairMs()), atMs);
                }
            }
            case STRAGGLER -> {
                int paceMilli = Math.clamp(
                        Math.round(fault.factor() * GpuPhysics.FULL_CLOCK_MILLI), 1, GpuPhysics.FULL_CLOCK_MILLI);
                ailments.slowDown(
                        fault.gpu(), paceMilli, fault.repairMs() == 0 ? NodeModel.NEVER : atMs + fault.repairMs());
                node.repace(atMs);
            }
            case ECC_SINGLE_BIT -> its(fault).forEach(this::countSingleBit);
            case NODE_CRASH, PARTITION ->
                throw new IllegalArgumentException(
                        "The host of a node must carry out %s: the model of the node cannot".formatted(fault.kind()));
        }
    }

    /** Returns the affected GPUs that are in service; all of them if the fault is of the whole node. */
    private List<Integer> its(Fault fault) {
        List<Integer> its = new ArrayList<>();
        for (int gpu = 0; gpu < gpus.size(); gpu++) {
            if ((fault.gpu() < 0 || fault.gpu() == gpu) && !ailments.isOut(gpu)) {
                its.add(gpu);
            }
        }
        return its;
    }

    private void xid(Fault fault, long atMs) {
        Xid xid = XidCatalogue.of(fault.xid());
        List<Integer> its = its(fault);
        its.forEach(gpu -> count(gpu, xid));
        say(NodeEvent.Faulted.XID, fault.gpu(), xid.meaning(), xid.number(), atMs);
        switch (xid.action()) {
            case NOTE, CORDON_NODE -> {}
            case END_ATTEMPTS -> its.forEach(gpu -> endAttempts(gpu, xid, atMs));
            case TAKE_GPU_OUT, DRAIN_NODE -> {
                its.forEach(gpu -> putOut(gpu, xid.number(), xid.meaning(), NodeModel.NEVER, atMs));
                ailments.needRestart(atMs + Math.max(1, fault.repairMs()));
            }
        }
    }

    /** Returns whether the error means that a memory row was remapped: XID 63 reports this, the others imply it. */
    private static boolean remapsRow(Xid xid) {
        return isDoubleBit(xid) || xid.number() == ROW_REMAPPED;
    }

    private static boolean isDoubleBit(Xid xid) {
        return switch (xid.number()) {
            case 48, 94, 95 -> true;
            default -> false;
        };
    }

    /** Ends one attempt on the GPU if the error is contained or the program's own, all if its origin is unknown. */
    private void endAttempts(int gpu, Xid xid, long atMs) {
        List<RunningAttempt> attempts = List.copyOf(gpus.get(gpu).attempts());
        for (var attempt :
                xid.number() == 45 ? attempts : attempts.stream().limit(1).toList()) {
            if (xid.isTasksFault()) {
                String message = "XID %d: %s".formatted(xid.number(), xid.meaning());
                node.end(
                        attempt,
                        atMs,
                        energyMj -> new TaskReport.Failed(
                                attempt.source(), attempt.id(), APPLICATION_EXIT_CODE, message, energyMj, atMs));
            } else {
                fail(attempt, gpu, xid.number(), xid.meaning(), atMs);
            }
        }
    }

    private void shutDown(int gpu, long repairMs, long atMs) {
        say(NodeEvent.Faulted.THERMAL_SHUTDOWN, gpu, "the GPU became too hot, and switched itself off", 0, atMs);
        putOut(gpu, 0, "thermal shutdown", atMs + repairMs, atMs);
    }

    private void putOut(int gpu, int xid, String detail, long untilMs, long atMs) {
        ailments.putOut(gpu, xid, untilMs);
        for (var attempt : List.copyOf(gpus.get(gpu).attempts())) {
            fail(attempt, gpu, xid, detail, atMs);
        }
    }

    private void fail(RunningAttempt attempt, int gpu, int xid, String detail, long atMs) {
        attempt.settle(atMs);
        long lostMs = attempt.progress().lostMs(false);
        node.end(
                attempt,
                atMs,
                energyMj -> new TaskReport.Faulted(
                        attempt.source(), attempt.id(), gpu, xid, detail, lostMs, energyMj, atMs));
    }

    private void say(String kind, int gpu, String detail, int xid, long atMs) {
        var source = node.source();
        unsaid.add(new NodeEvent.Faulted(
                source.pool(), source.nodeId(), source.incarnation(), kind, gpu, detail, xid, atMs));
    }

    private void countSingleBit(int gpu) {
        NodeTelemetry.Errors before = gpus.get(gpu).errors();
        gpus.get(gpu)
                .errors(new NodeTelemetry.Errors(
                        before.lastXid(),
                        before.eccSingleBit() + 1,
                        before.eccDoubleBit(),
                        before.rowRemapFailure(),
                        before.uncorrectableRows(),
                        before.correctableRows(),
                        before.pcieReplays()));
    }

    private void count(int gpu, Xid xid) {
        NodeTelemetry.Errors before = gpus.get(gpu).errors();
        gpus.get(gpu)
                .errors(new NodeTelemetry.Errors(
                        xid.number(),
                        before.eccSingleBit(),
                        before.eccDoubleBit() + (isDoubleBit(xid) ? 1 : 0),
                        before.rowRemapFailure() || xid.number() == ROW_REMAP_FAILURE,
                        before.uncorrectableRows() + (remapsRow(xid) ? 1 : 0),
                        before.correctableRows(),
                        before.pcieReplays()));
    }
}
