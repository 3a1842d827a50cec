package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeCommand.StartAttempt;
import java.util.Comparator;
import java.util.List;

/** An attempt that a node runs, and when it will end if the load of its GPUs stays as it is. */
final class RunningAttempt {
    /** What happens to several in one millisecond happens in the order of their ids. */
    static final Comparator<RunningAttempt> BY_NEXT_EVENT =
            Comparator.comparingLong(RunningAttempt::nextEventMs).thenComparing(RunningAttempt::id);

    private static final long MICRO_PER_MS = GpuPhysics.FULL_CLOCK_MILLI;

    private final StartAttempt command;
    private final List<Gpu> gpus;
    private final LoadPattern pattern;
    private LoadPattern.Stretch stretch;
    private long leftMicro;
    private long settledMs;
    private long endMs;
    private long microjoules;

    RunningAttempt(StartAttempt command, List<Gpu> gpus, long startMs) {
        this.command = command;
        this.gpus = gpus;
        leftMicro = Math.max(0, command.work().durationMs() - command.progressMs()) * MICRO_PER_MS;
        settledMs = startMs;
        var work = command.work();
        // Without GPUs there is nothing to load.
        var profile = gpus.isEmpty() ? LoadProfile.STEADY : work.profile();
        pattern = new LoadPattern(profile, work.utilization(), command.attempt(), startMs);
        stretch = pattern.at(startMs);
    }

    AttemptId id() {
        return command.attempt();
    }

    Allocation allocation() {
        return command.allocation();
    }

    /** Its load on each of its GPUs, in millionths of the GPU. */
    long loadMicro() {
        return Math.round(allocation().gpuMilli() * 1000 * stretch.utilization());
    }

    /** The same on the GPU's memory. */
    long memoryMicro() {
        return Math.round(allocation().gpuMilli() * 1000 * stretch.utilization() * units().memory());
    }

    LoadShape.Units units() {
        return pattern.units();
    }

    /** Goes on with the load that follows. */
    void changeLoad(long atMs) {
        stretch = pattern.at(atMs);
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

    /** When it ends or its load changes, if all else stays as it is. */
    long nextEventMs() {
        return Math.min(endMs, stretch.endMs());
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
