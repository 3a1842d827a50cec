package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.TaskReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** An attempt that a node runs, and its next event if the load of its GPUs does not change. */
final class RunningAttempt extends DueQueue.Entry {
    /** Events of several attempts in one millisecond are in the order of the attempts' ids. */
    static final Comparator<RunningAttempt> BY_NEXT_EVENT = (one, other) -> {
        int byTime = Long.compare(one.nextEventMs(), other.nextEventMs());
        return byTime != 0 ? byTime : one.id().compareTo(other.id());
    };

    private final StartAttempt command;
    private final TaskReport.Source source;
    private final List<Gpu> gpus;
    private final LoadPattern pattern;
    private LoadPattern.Stretch stretch;
    private final Progress progress;
    private final ProgressReports reports;
    private final long startMs;
    private int paceMilli = GpuPhysics.FULL_CLOCK_MILLI;
    /** The attempt's clock without its gang, as last planned. */
    private SlowestClock ownClock;
    /** The clock with its gang, at which the attempt works until it is planned again. */
    private SlowestClock clock;

    private boolean isAtFullClock = true;
    private @Nullable Gang gang;
    private long settledMs;
    private long turnMs;
    private long reportMs = ThermalPath.NEVER;
    /** Whether the last minute was slow. */
    private boolean wasSlow;

    private long microjoules;

    RunningAttempt(StartAttempt command, List<Gpu> gpus, ProgressReports reports, long startMs) {
        this.command = command;
        source = TaskReport.Source.of(command);
        this.gpus = gpus;
        this.reports = reports;
        this.startMs = startMs;
        settledMs = startMs;
        var work = command.work();
        progress = new Progress(work, command.progressMs(), startMs);
        // Without GPUs there is no load.
        var profile = gpus.isEmpty() ? LoadProfile.STEADY : work.profile();
        pattern = new LoadPattern(profile, work.utilization(), command.attempt(), startMs);
        stretch = pattern.at(startMs);
        ownClock = new SlowestClock(List.of(), paceMilli);
        clock = ownClock;
    }

    /** Resumes a suspended attempt at {@code atMs}. */
    static RunningAttempt resume(SuspendedNode.AttemptState state, List<Gpu> gpus, ProgressReports reports, long atMs) {
        long startMs = SuspendedNode.absolute(state.startMs(), atMs);
        var attempt = new RunningAttempt(state.command(), gpus, reports, startMs);
        attempt.progress.resume(state.work(), atMs);
        attempt.changeLoad(atMs);
        attempt.settledMs = atMs;
        attempt.wasSlow = state.wasSlow();
        attempt.reportMs = SuspendedNode.absolute(state.reportMs(), atMs);
        attempt.microjoules = state.microjoules();
        return attempt;
    }

    SuspendedNode.AttemptState suspend(long atMs) {
        settle(atMs);
        return new SuspendedNode.AttemptState(
                command,
                SuspendedNode.relative(startMs, atMs),
                progress.suspend(atMs),
                wasSlow,
                SuspendedNode.relative(reportMs, atMs),
                microjoulesAt(atMs));
    }

    AttemptId id() {
        return command.attempt();
    }

    /** Returns the source of the node's reports on this attempt. */
    TaskReport.Source source() {
        return source;
    }

    Allocation allocation() {
        return command.allocation();
    }

    /** Returns the load on each of the attempt's GPUs, in millionths of the GPU. */
    long loadMicro() {
        return Math.round(allocation().gpuMilli() * 1000 * stretch.utilization());
    }

    /** Returns the attempt's share of each GPU's dynamic power at boost clock, in millionths. */
    long powerMicro() {
        return Math.round(allocation().gpuMilli() * 1000 * stretch.utilization() * units().power());
    }

    LoadShape.Units units() {
        return pattern.units();
    }

    /** Sets the load to that at {@code atMs}. */
    void changeLoad(long atMs) {
        stretch = pattern.at(atMs);
    }

    int exitCode() {
        return command.work().exitCode();
    }

    List<Gpu> gpus() {
        return gpus;
    }

    /** Returns when the work ends, or a checkpoint begins or is complete, if the clock does not change. */
    long turnMs() {
        return turnMs;
    }

    /** Returns when the pace is next checked. */
    long reportMs() {
        return reportMs;
    }

    /** Returns the time of the attempt's next event, if nothing else changes. */
    long nextEventMs() {
        return Math.min(Math.min(turnMs, reportMs), stretch.endMs());
    }

    Progress progress() {
        return progress;
    }

    /** Sets the pace, in thousandths of the clock. Call this between {@link #settle} and {@link #findOwnClock}. */
    void pace(int milli) {
        paceMilli = milli;
    }

    /** Returns the parts of this attempt that the site runs; null if the node is on no site. */
    @Nullable
    Gang gang() {
        return gang;
    }

    void join(Gang its) {
        gang = its;
    }

    /** Counts the work done until {@code atMs}, or until the last call if that is later. Call before {@link #plan}. */
    void settle(long atMs) {
        settledMs = Math.max(settledMs, atMs);
        progress.settle(clock, ownClock, settledMs);
    }

    /** Computes the own clock after a GPU's load has changed. Call this between {@link #settle} and {@link #plan}. */
    void findOwnClock() {
        ownClock = new SlowestClock(paths(), paceMilli);
        isAtFullClock = ownClock.isFullFrom(settledMs);
    }

    private List<ThermalPath> paths() {
        if (gpus.size() == 1) {
            return List.of(gpus.getFirst().path());
        }
        List<ThermalPath> paths = new ArrayList<>(gpus.size());
        for (var gpu : gpus) {
            paths.add(gpu.path());
        }
        return paths;
    }

    SlowestClock ownClock() {
        return ownClock;
    }

    /**
     * Returns whether the attempt works at full clock: its node has not slowed it down since it was last planned, and
     * will not do so.
     */
    boolean isAtFullClock() {
        return isAtFullClock;
    }

    /** Computes the next events again. */
    void plan() {
        clock = gang == null ? ownClock : gang.clock(ownClock);
        turnMs = progress.nextTurnMs(clock);
        boolean mayBeSlow = switch (reports) {
            case NEVER -> false;
            case WHEN_SLOW -> wasSlow || !isAtFullClock;
        };
        if (!mayBeSlow) {
            reportMs = ThermalPath.NEVER;
        } else if (reportMs == ThermalPath.NEVER) {
            long minuteMs = settledMs - (settledMs - startMs) % ProgressReports.PERIOD_MS;
            progress.beginPace(minuteMs);
            reportMs = minuteMs + ProgressReports.PERIOD_MS;
        }
    }

    /** Returns the pace to report, if any. Call at {@link #reportMs}, between {@link #settle} and {@link #plan}. */
    OptionalInt report() {
        int pace = progress.paceMilli();
        boolean isSlow = pace < GpuPhysics.FULL_CLOCK_MILLI;
        boolean isTold = isSlow || wasSlow;
        wasSlow = isSlow;
        progress.beginPace(settledMs);
        reportMs += ProgressReports.PERIOD_MS;
        return isTold ? OptionalInt.of(pace) : OptionalInt.empty();
    }

    void addMicrojoules(long more) {
        microjoules += more;
    }

    /** Returns the energy on all of the attempt's GPUs. */
    long microjoulesAt(long atMs) {
        long sum = microjoules;
        for (var gpu : gpus) {
            sum += gpu.unsettledMicrojoules(this, atMs);
        }
        return sum;
    }
}
