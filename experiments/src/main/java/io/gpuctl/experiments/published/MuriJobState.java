package io.gpuctl.experiments.published;

import io.gpuctl.orchestrator.core.Job;

/** A job that has been submitted and has not ended. */
final class MuriJobState {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    final MuriWork work;
    private double remainingIterations;
    private double attainedSeconds;
    private double lastSeconds;
    private double startSeconds = NEVER;
    private boolean running;
    private int preemptions;

    MuriJobState(MuriWork work) {
        this.work = work;
        remainingIterations = work.iterations();
        lastSeconds = work.submitSeconds();
    }

    boolean isRunning() {
        return running;
    }

    /** Books the work done since the last event. The order of the operations decides the last digits. */
    void advanceTo(double seconds) {
        if (running) {
            double worked = Math.max(seconds - lastSeconds - work.overheadSeconds(), 0);
            remainingIterations -= worked / work.iterationSeconds();
            attainedSeconds = attainedSeconds + seconds - lastSeconds;
        }
        lastSeconds = seconds;
    }

    void run(boolean shallRun, double seconds) {
        if (shallRun && startSeconds == NEVER) {
            startSeconds = seconds;
        }
        if (running && !shallRun) {
            preemptions++;
        }
        running = shallRun;
    }

    double remainingSeconds() {
        return remainingIterations * work.iterationSeconds();
    }

    /** Returns when the job ends if it keeps running from the last event on; never if it does not run. */
    double endSeconds() {
        return running ? lastSeconds + remainingSeconds() : NEVER;
    }

    Job asJob() {
        return new Job(remainingSeconds(), work.gpus(), attainedSeconds);
    }

    MuriOutcome ended(double seconds) {
        return new MuriOutcome(work.id(), work.gpus(), work.submitSeconds(), startSeconds, seconds, preemptions);
    }
}
