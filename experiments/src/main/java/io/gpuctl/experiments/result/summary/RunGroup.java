package io.gpuctl.experiments.result.summary;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.UtilisationPoint;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The runs that differ by their seed only.
 *
 * @param key of the first of them
 * @param estimates over the seeds; a metric that only some of the runs have is estimated of those
 * @param jctSeconds of all completed tasks of all runs together, thinned
 * @param queueingSeconds of all started tasks of all runs together, thinned
 * @param utilisation of the first run
 * @param notes of all runs, each once
 */
public record RunGroup(
        RunKey key,
        int runs,
        Map<Metric, SortedMap<Integer, Estimate>> estimates,
        Quantiles jctSeconds,
        Quantiles queueingSeconds,
        List<UtilisationPoint> utilisation,
        List<String> notes) {

    /** Stands for "of the whole run" among arrived loads, and sorts before them. */
    public static final int WHOLE_RUN = -1;

    /** By arrived load; empty if it was not measured. */
    public SortedMap<Integer, Estimate> of(Metric metric) {
        return estimates.getOrDefault(metric, new TreeMap<>());
    }
}
