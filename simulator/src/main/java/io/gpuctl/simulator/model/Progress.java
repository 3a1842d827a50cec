package io.gpuctl.simulator.model;

import io.gpuctl.events.Work;

/**
 * How far the work of one attempt has come, and how much of it is saved.
 *
 * <p>Work is counted in thousandths of a millisecond at full clock. A task that makes checkpoints works until the next is
 * due, then saves for as long as that takes, in which no work is done; so its end comes later by what all of them cost.
 * A checkpoint is due in the first whole millisecond in which its work is done, and saves what the task says, not the
 * fraction of a millisecond beyond.
 */
final class Progress {
    private static final long MICRO_PER_MS = GpuPhysics.FULL_CLOCK_MILLI;

    private final Work work;
    /** What earlier attempts have saved, ms. */
    private final long fromMs;

    private long leftMicro;
    private long savedMs;
    private boolean saving;
    private long settledMs;
    /** When what is being saved is. */
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

    /** To be called before anything else. */
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
     * Books the work done until then at a clock that has held since the last time.
     *
     * @param own the same, if no other part of its gang held it up: that is the pace which counts as its node's
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

    /** When the attempt ends, begins to save or has saved, if the clock stays as it is. */
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

    /** To be called when it is settled at its next turn. */
    boolean isDone() {
        return leftMicro <= 0;
    }

    /**
     * What the next turn is, if it is not the end: it begins to save, or it has saved.
     *
     * @return whether it has saved
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

    /** What a later attempt need not do again after a checkpoint, ms. */
    long savedMs() {
        return savedMs;
    }

    /** Whole milliseconds of work done, those of earlier attempts included. */
    long doneMs() {
        return Math.max(fromMs, work.durationMs() - Math.ceilDiv(Math.max(0, leftMicro), MICRO_PER_MS));
    }

    /** What a later attempt need not do again if this one ends now, ms. */
    long keptMs(boolean isGraceful) {
        return isGraceful && !makesCheckpoints() ? doneMs() : savedMs;
    }

    /** What a later attempt must do again, ms. */
    long lostMs(boolean isGraceful) {
        return doneMs() - keptMs(isGraceful);
    }

    /** Of the node's own GPUs, since the last {@link #beginPace}: thousandths of the full clock, while it did not save. */
    int paceMilli() {
        return pacedMs == 0 ? GpuPhysics.FULL_CLOCK_MILLI : (int) (pacedMicro / pacedMs);
    }

    /** The pace is counted from {@code sinceMs} on, up to which it was full. */
    void beginPace(long sinceMs) {
        pacedMs = settledMs - sinceMs;
        pacedMicro = pacedMs * MICRO_PER_MS;
    }
}
