package io.gpuctl.experiments.published;

import java.util.Collection;

/**
 * The values that the publication reports about a run. Times are seconds.
 *
 * @param p99JctSeconds the element at index {@code (int) (n x 0.99)} of the sorted completion times
 * @param makespanSeconds the time at which the last job ends
 */
public record MuriSummary(
        int jobs, double averageJctSeconds, double makespanSeconds, double p99JctSeconds, long preemptions) {
    /** Returns the summary of at least one job. */
    public static MuriSummary of(Collection<MuriOutcome> outcomes) {
        double[] jcts =
                outcomes.stream().mapToDouble(MuriOutcome::jctSeconds).sorted().toArray();
        double sum = 0;
        for (double jct : jcts) {
            sum += jct;
        }
        return new MuriSummary(
                jcts.length,
                sum / jcts.length,
                outcomes.stream().mapToDouble(MuriOutcome::endSeconds).max().orElse(0),
                jcts[(int) (jcts.length * 0.99)],
                outcomes.stream().mapToLong(MuriOutcome::preemptions).sum());
    }
}
