package io.gpuctl.experiments.result.summary;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.UtilisationPoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The runs that differ by their seed only.
 *
 * @param key of the first of them
 * @param valuesBySeed of each metric, by arrived load
 * @param estimates over the seeds; a metric that only some of the runs have is estimated of those
 * @param jctSeconds of all completed tasks of all runs together, thinned
 * @param queueingSeconds of all started tasks of all runs together, thinned
 * @param bySize how tasks of each size fared, the smallest first
 * @param byUser how each user's tasks fared, those with the most tasks first
 * @param utilisation of the first run
 * @param notes of all runs, each once
 */
public record RunGroup(
        RunKey key,
        int runs,
        Map<Metric, SortedMap<Integer, SortedMap<Long, Double>>> valuesBySeed,
        Map<Metric, SortedMap<Integer, Estimate>> estimates,
        Quantiles jctSeconds,
        Quantiles queueingSeconds,
        List<TaskClass> bySize,
        List<TaskClass> byUser,
        List<UtilisationPoint> utilisation,
        List<String> notes) {

    /** Stands for "of the whole run" among arrived loads, and sorts before them. */
    public static final int WHOLE_RUN = -1;

    /**
     * How much more a metric is here than in another group, seed by seed: what a seed does to both of them falls out.
     *
     * @param at the arrived load, or {@link #WHOLE_RUN}
     * @return empty if the two have no seed in common
     */
    public Optional<Estimate> differenceTo(RunGroup other, Metric metric, int at) {
        SortedMap<Long, Double> own = valuesOf(metric, at);
        SortedMap<Long, Double> theirs = other.valuesOf(metric, at);
        double[] differences = own.entrySet().stream()
                .filter(entry -> theirs.containsKey(entry.getKey()))
                .mapToDouble(entry -> entry.getValue() - theirs.getOrDefault(entry.getKey(), 0.0))
                .toArray();
        return differences.length == 0 ? Optional.empty() : Optional.of(Estimate.of(differences));
    }

    private SortedMap<Long, Double> valuesOf(Metric metric, int at) {
        return valuesBySeed.getOrDefault(metric, new TreeMap<>()).getOrDefault(at, new TreeMap<>());
    }

    /** By arrived load; empty if it was not measured. */
    public SortedMap<Integer, Estimate> of(Metric metric) {
        return estimates.getOrDefault(metric, new TreeMap<>());
    }
}
