package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeTelemetry;
import java.util.List;

/**
 * The state of a suspended node. {@link NodeModel#resume} continues from it as if no time had passed.
 *
 * <p>Times are ms relative to the time of suspension, so earlier times are negative; {@link NodeModel#NEVER} is kept.
 * The simulator stores this record in a file: fields may be added, but no field may change its meaning.
 *
 * @param rackCelsius by how much the rack warms the node's inlet
 * @param gpus by index
 * @param done the attempts that must not start again, oldest first
 * @param endedMicrojoules energy of the attempts that have ended
 * @param restartMs when the node must restart to be repaired
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
     * The state of a GPU.
     *
     * @param dieKelvins by how much the die is warmer than its heat sink
     * @param sinkKelvins by how much the heat sink is warmer than the inlet
     * @param microjoules energy so far; {@code idleMicrojoules} of it was for no attempt
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
     * A running attempt.
     *
     * @param reportMs when the pace is next checked
     */
    public record AttemptState(
            StartAttempt command, long startMs, WorkState work, boolean wasSlow, long reportMs, long microjoules) {}

    /**
     * The progress of an attempt.
     *
     * @param leftMicro work left, in thousandths of a ms at full clock
     * @param savedMs saved work
     * @param saving whether a checkpoint is in progress, which completes at {@code savedAtMs}
     * @param pacedMicro work since the last check of the pace, which took {@code pacedMs}
     */
    public record WorkState(
            long leftMicro, long savedMs, boolean saving, long savedAtMs, long pacedMicro, long pacedMs) {}

    /** A GPU that is out of service. */
    public record Outage(int gpu, int xid, long untilMs) {}

    /**
     * A slowdown of the work on a GPU or on the whole node.
     *
     * @param gpu -1: the node as a whole
     */
    public record Slowness(int gpu, int paceMilli, long untilMs) {}

    /** Converts a time to one relative to the suspension. */
    static long relative(long atMs, long suspendedMs) {
        return atMs == NodeModel.NEVER ? NodeModel.NEVER : atMs - suspendedMs;
    }

    /** Converts a relative time back, for a node that resumes at {@code resumedMs}. */
    static long absolute(long relativeMs, long resumedMs) {
        return relativeMs == NodeModel.NEVER ? NodeModel.NEVER : resumedMs + relativeMs;
    }
}
