package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCommand.StartAttempt;
import java.util.Comparator;
import java.util.List;

/** An attempt that a node runs, and when it will end if the load of its GPUs stays as it is. */
final class RunningAttempt {
    /** Attempts that end in one millisecond end in the order of their ids. */
    static final Comparator<RunningAttempt> BY_END =
            Comparator.comparingLong(RunningAttempt::endMs).thenComparing(RunningAttempt::id);

    private static final long MICRO_PER_MS = GpuPhysics.FULL_CLOCK_MILLI;

    private final StartAttempt command;
    private final List<Gpu> gpus;
    private long leftMicro;
    private long settledMs;
    private long endMs;
    private long microjoules;

    RunningAttempt(StartAttempt command, List<Gpu> gpus, long startMs) {
        this.command = command;
        this.gpus = gpus;
        leftMicro = Math.max(0, command.work().durationMs() - command.progressMs()) * MICRO_PER_MS;
        settledMs = startMs;
    }

    AttemptId id() {
        return command.attempt();
    }

    Allocation allocation() {
        return command.allocation();
    }

    double utilization() {
        return command.work().utilization();
    }

    int exitCode() {
        return command.work().exitCode();
    }

    List<Gpu> gpus() {
        return gpus;
    }

    long endMs() {
        return endMs;
    }

    /** Books the work done until then; before the load of one of its GPUs changes. */
    void settle(long atMs) {
        leftMicro -= clock().workMicro(settledMs, atMs);
        settledMs = atMs;
    }

    /** Finds the end anew; after the load of one of its GPUs has changed. */
    void plan() {
        endMs = clock().doneMs(settledMs, leftMicro);
    }

    /** Whole milliseconds of work done by the last {@link #settle}, those of earlier attempts included. */
    long progressMs() {
        return Math.max(command.progressMs(), command.work().durationMs() - Math.ceilDiv(leftMicro, MICRO_PER_MS));
    }

    void addMicrojoules(long more) {
        microjoules += more;
    }

    /** What it has drawn on all its GPUs. */
    long microjoulesAt(long atMs) {
        long sum = microjoules;
        for (var gpu : gpus) {
            sum += gpu.unsettledMicrojoules(this, atMs);
        }
        return sum;
    }

    private SlowestClock clock() {
        return new SlowestClock(gpus.stream().map(Gpu::path).toList());
    }
}
