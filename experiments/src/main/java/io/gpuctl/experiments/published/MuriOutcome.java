package io.gpuctl.experiments.published;

/**
 * The outcome of a job. Times are seconds.
 *
 * @param startSeconds when the job first ran
 * @param preemptions how often the job was running and had to wait again
 */
public record MuriOutcome(
        int id, int gpus, double submitSeconds, double startSeconds, double endSeconds, int preemptions) {
    /** Returns the job completion time: from submission to end. */
    public double jctSeconds() {
        return endSeconds - submitSeconds;
    }
}
