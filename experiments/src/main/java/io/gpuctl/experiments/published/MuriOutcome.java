package io.gpuctl.experiments.published;

/**
 * What became of a job. Times are seconds.
 *
 * @param startSeconds when it ran first
 * @param preemptions how often it ran and was made to wait again
 */
public record MuriOutcome(
        int id, int gpus, double submitSeconds, double startSeconds, double endSeconds, int preemptions) {
    /** Job completion time: from submission to end. */
    public double jctSeconds() {
        return endSeconds - submitSeconds;
    }
}
