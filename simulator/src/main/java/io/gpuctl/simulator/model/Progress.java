package io.gpuctl.simulator.model;

import io.gpuctl.events.Work;

/**
 * The progress of one attempt, and how much of it is saved.
 *
 * <p>Work is counted in thousandths of a millisecond at full clock. A task with checkpoints works until the next is
 * due, and then saves without working, so the cost of all checkpoints delays its end. A checkpoint is due in the first
 * whole millisecond in which its work is done. It saves exactly the interval of the task, not the fraction of a
 * millisecond beyond.
 */
final class Progress {
    private static final long MICRO_PER_MS = GpuPhysics.FULL_CLOCK_MILLI;

    private final Work work;
    /** Work that earlier attempts have saved, ms. */
    private final long fromMs;

    private long leftMicro;
    private long savedMs;
    private boolean saving;
    private long settledMs;
    /** The time at which the present checkpoint is complete. */
    private long savedAtMs;

    private long pacedMicro;
    private long pacedMs;

    Progress(Work work, long fromMs, long startMs) {
        this.work = work;
        this.fromMs = fromMs;
        savedMs = fromMs;
        leftMicro = Math.max(0, work.durationMs() - fromMs) * MICRO_PER_MS;
        settledMs = startMs;
    }

    SuspendedNode.WorkState suspend(long atMs) {
        return new SuspendedNode.WorkState(
                leftMicro, savedMs, saving, SuspendedNode.relative(savedAtMs, atMs), pacedMicro, pacedMs);
    }

    /** Restores a suspended state. Call this before any other method. */
    void resume(SuspendedNode.WorkState state, long atMs) {
        leftMicro = state.leftMicro();
        savedMs = state.savedMs();
        saving = state.saving();
        savedAtMs = SuspendedNode.absolute(state.savedAtMs(), atMs);
        pacedMicro = state.pacedMicro();
        pacedMs = state.pacedMs();
        settledMs = atMs;
    }

    /**
     * Counts the work done until {@code atMs} at a clock that has held since the last call.
     *
     * @param own the clock without the other parts of the gang, which determines the pace of the attempt's node
     */
    void settle(SlowestClock clock, SlowestClock own, long atMs) {
        if (!saving) {
            long doneMicro = clock.workMicro(settledMs, atMs);
            leftMicro -= doneMicro;
            pacedMicro += clock.equals(own) ? doneMicro : own.workMicro(settledMs, atMs);
            pacedMs += atMs - settledMs;
        }
        settledMs = atMs;
    }

    /** Returns when the attempt ends, begins to save or has saved, if the clock does not change. */
    long nextTurnMs(SlowestClock clock) {
        return saving ? savedAtMs : clock.doneMs(settledMs, leftMicro - leftAtCheckpointMicro());
    }

    private long leftAtCheckpointMicro() {
        return makesCheckpoints() ? Math.max(0, leftMicroAt(savedMs + work.checkpointIntervalMs())) : 0;
    }

    private boolean makesCheckpoints() {
        return work.checkpointIntervalMs() > 0;
    }

    private long leftMicroAt(long doneMs) {
        return (work.durationMs() - doneMs) * MICRO_PER_MS;
    }

    /** Returns whether the work is done. Call this after {@link #settle} at the next turn. */
    boolean isDone() {
        return leftMicro <= 0;
    }

    /**
     * Takes the next turn, unless it is the end: begins or completes a checkpoint.
     *
     * @return whether a checkpoint is complete
     */
    boolean turn() {
        if (!saving && work.checkpointCostMs() > 0) {
            saving = true;
            savedAtMs = settledMs + work.checkpointCostMs();
            return false;
        }
        saving = false;
        savedMs += work.checkpointIntervalMs();
        return true;
    }

    /** Returns the work that checkpoints have saved for a later attempt, ms. */
    long savedMs() {
        return savedMs;
    }

    /** Returns the work done, including earlier attempts, in whole milliseconds. */
    long doneMs() {
        return Math.max(fromMs, work.durationMs() - Math.ceilDiv(Math.max(0, leftMicro), MICRO_PER_MS));
    }

    /** Returns the work that is kept for a later attempt if this attempt ends now, ms. */
    long keptMs(boolean isGraceful) {
        return isGraceful && !makesCheckpoints() ? doneMs() : savedMs;
    }

    /** Returns the work that a later attempt must do again, ms. */
    long lostMs(boolean isGraceful) {
        return doneMs() - keptMs(isGraceful);
    }

    /** Returns the pace of the node's own GPUs since {@link #beginPace}, in thousandths, without time for saving. */
    int paceMilli() {
        return pacedMs == 0 ? GpuPhysics.FULL_CLOCK_MILLI : (int) (pacedMicro / pacedMs);
    }

    /** Measures the pace from {@code sinceMs} on; until now it counts as full. */
    void beginPace(long sinceMs) {
        pacedMs = settledMs - sinceMs;
        pacedMicro = pacedMs * MICRO_PER_MS;
    }
}
