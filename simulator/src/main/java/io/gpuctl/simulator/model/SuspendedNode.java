package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeTelemetry;
import java.util.List;

/**
 * A node at the moment at which it was suspended: {@link NodeModel#resume} lets it go on later as if no time had passed.
 *
 * <p>Times are ms relative to that moment, so what lies before it is negative; {@link NodeModel#NEVER} stays as it is. A
 * simulator keeps this in a file: a field may be added, but none may change its meaning.
 *
 * @param rackCelsius by how much its rack warms its inlet
 * @param gpus by index
 * @param done the attempts that must not be started again, the oldest first
 * @param endedMicrojoules what the attempts that have ended have drawn
 * @param restartMs when it must start anew to be repaired
 */
public record SuspendedNode(
        long incarnation,
        double rackCelsius,
        List<GpuState> gpus,
        List<AttemptState> attempts,
        List<AttemptId> done,
        long endedMicrojoules,
        List<Outage> outages,
        List<Slowness> slownesses,
        long restartMs) {

    public SuspendedNode {
        gpus = List.copyOf(gpus);
        attempts = List.copyOf(attempts);
        done = List.copyOf(done);
        outages = List.copyOf(outages);
        slownesses = List.copyOf(slownesses);
    }

    /**
     * What a GPU has come to.
     *
     * @param dieKelvins by how much the die is warmer than its heat sink
     * @param sinkKelvins by how much the heat sink is warmer than the inlet
     * @param microjoules drawn so far; {@code idleMicrojoules} of it for no attempt
     */
    public record GpuState(
            double dieKelvins,
            double sinkKelvins,
            Slowdown slowdown,
            long microjoules,
            long idleMicrojoules,
            long slowedMs,
            long cappedMs,
            NodeTelemetry.Errors errors) {}

    /**
     * An attempt that runs.
     *
     * @param reportMs when it is to be looked at whether it is slow
     */
    public record AttemptState(
            StartAttempt command, long startMs, WorkState work, boolean wasSlow, long reportMs, long microjoules) {}

    /**
     * How far the work is.
     *
     * @param leftMicro what is left, in thousandths of a ms at full clock
     * @param savedMs what is saved
     * @param saving whether it is making a checkpoint, which is done at {@code savedAtMs}
     * @param pacedMicro work since the last report of the pace, and the time it took, {@code pacedMs}
     */
    public record WorkState(
            long leftMicro, long savedMs, boolean saving, long savedAtMs, long pacedMicro, long pacedMs) {}

    /** A GPU that does not work. */
    public record Outage(int gpu, int xid, long untilMs) {}

    /**
     * Something that slows work down.
     *
     * @param gpu -1: the node as a whole
     */
    public record Slowness(int gpu, int paceMilli, long untilMs) {}

    /** A moment, as it is kept here. */
    static long relative(long atMs, long suspendedMs) {
        return atMs == NodeModel.NEVER ? NodeModel.NEVER : atMs - suspendedMs;
    }

    /** A moment that is kept here, for a node that goes on at {@code resumedMs}. */
    static long absolute(long relativeMs, long resumedMs) {
        return relativeMs == NodeModel.NEVER ? NodeModel.NEVER : resumedMs + relativeMs;
    }
}
