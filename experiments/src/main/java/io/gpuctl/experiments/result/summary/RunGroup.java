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
 * Runs that differ only by their seed.
 *
 * @param key key of the first run
 * @param valuesBySeed values of each metric, by arrived load and seed
 * @param estimates estimates over the seeds, by metric and arrived load; uses only the runs that have the metric
 * @param jctSeconds of all completed tasks of all runs together, thinned
 * @param queueingSeconds of all started tasks of all runs together, thinned
 * @param bySize outcomes of the tasks by size, the smallest first
 * @param byUser outcomes of the tasks by user, those with the most tasks first
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

    /** Stands for the whole run among arrived loads, and sorts before them. */
    public static final int WHOLE_RUN = -1;

    /**
     * Returns how much higher a metric is in this group than in another, seed by seed, so that the common effect of a
     * seed cancels out.
     *
     * @param at the arrived load, or {@link #WHOLE_RUN}
     * @return empty if the groups have no seed in common
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

    /** Returns the estimates by arrived load; empty if the metric was not measured. */
    public SortedMap<Integer, Estimate> of(Metric metric) {
        return estimates.getOrDefault(metric, new TreeMap<>());
    }
}
