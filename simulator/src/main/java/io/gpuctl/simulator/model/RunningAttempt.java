package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.TaskReport;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** An attempt that a node runs, and when it will end if the load of its GPUs stays as it is. */
final class RunningAttempt {
    /** What happens to several in one millisecond happens in the order of their ids. */
    static final Comparator<RunningAttempt> BY_NEXT_EVENT =
            Comparator.comparingLong(RunningAttempt::nextEventMs).thenComparing(RunningAttempt::id);

    private final StartAttempt command;
    private final TaskReport.Source source;
    private final List<Gpu> gpus;
    private final LoadPattern pattern;
    private LoadPattern.Stretch stretch;
    private final Progress progress;
    private final ProgressReports reports;
    private final long startMs;
    private int paceMilli = GpuPhysics.FULL_CLOCK_MILLI;
    /** What it does by itself, as last planned. */
    private SlowestClock ownClock;
    /** The same, as its gang lets it: at which it works until it is planned anew. */
    private SlowestClock clock;

    private boolean isAtFullClock = true;
    private @Nullable Gang gang;
    private long settledMs;
    private long turnMs;
    private long reportMs = ThermalPath.NEVER;
    /** Whether the last minute that was looked at was slow. */
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
        // Without GPUs there is nothing to load.
        var profile = gpus.isEmpty() ? LoadProfile.STEADY : work.profile();
        pattern = new LoadPattern(profile, work.utilization(), command.attempt(), startMs);
        stretch = pattern.at(startMs);
        ownClock = new SlowestClock(List.of(), paceMilli);
        clock = ownClock;
    }

    /** One that goes on at {@code atMs}. */
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

    /** Its node, as it speaks of this attempt. */
    TaskReport.Source source() {
        return source;
    }

    Allocation allocation() {
        return command.allocation();
    }

    /** Its load on each of its GPUs, in millionths of the GPU. */
    long loadMicro() {
        return Math.round(allocation().gpuMilli() * 1000 * stretch.utilization());
    }

    /** What it takes of each one's dynamic power at boost clock, in millionths. */
    long powerMicro() {
        return Math.round(allocation().gpuMilli() * 1000 * stretch.utilization() * units().power());
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

    /** When its work or its saving comes to its next turn, if the clock stays as it is. */
    long turnMs() {
        return turnMs;
    }

    /** When it is to be looked at whether it is slow. */
    long reportMs() {
        return reportMs;
    }

    /** When something happens to it next, if all else stays as it is. */
    long nextEventMs() {
        return Math.min(Math.min(turnMs, reportMs), stretch.endMs());
    }

    Progress progress() {
        return progress;
    }

    /** Thousandths of the work that its clock would do. To be called when it is settled, before {@link #findOwnClock}. */
    void pace(int milli) {
        paceMilli = milli;
    }

    /** The parts of it that this site runs; null if the node is of none. */
    @Nullable
    Gang gang() {
        return gang;
    }

    void join(Gang its) {
        gang = its;
    }

    /** Books the work done until then; before it is planned anew. An earlier time than the last counts as that one. */
    void settle(long atMs) {
        settledMs = Math.max(settledMs, atMs);
        progress.settle(clock, ownClock, settledMs);
    }

    /** Looks at its GPUs anew, after the load of one of them has changed; to be called when it is settled, before {@link #plan}. */
    void findOwnClock() {
        ownClock = new SlowestClock(gpus.stream().map(Gpu::path).toList(), paceMilli);
        isAtFullClock = ownClock.isFullFrom(settledMs);
    }

    SlowestClock ownClock() {
        return ownClock;
    }

    /** Whether nothing on its node has slowed it down since it was last planned, or will. */
    boolean isAtFullClock() {
        return isAtFullClock;
    }

    /** Finds its next turn anew. */
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

    /** To be called when it is settled at {@link #reportMs}, before {@link #plan}. Returns the pace, if it is to be told. */
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

    /** What it has drawn on all its GPUs. */
    long microjoulesAt(long atMs) {
        long sum = microjoules;
        for (var gpu : gpus) {
            sum += gpu.unsettledMicrojoules(this, atMs);
        }
        return sum;
    }
}
