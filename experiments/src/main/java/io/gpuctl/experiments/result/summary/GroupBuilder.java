package io.gpuctl.experiments.result.summary;

import io.gpuctl.experiments.result.Distribution;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.MetricValue;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.TaskOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the runs of a {@link RunGroup}, one by one. Keeps only two numbers per task until {@link #build}. With one
 * group at a time, this bounds the memory of a large experiment.
 */
final class GroupBuilder {

    private final RunResult first;
    private final Map<Metric, SortedMap<Integer, SortedMap<Long, Double>>> values = new EnumMap<>(Metric.class);
    private final List<double[]> jctSeconds = new ArrayList<>();
    private final List<double[]> queueingSeconds = new ArrayList<>();
    private final TaskClasses classes = new TaskClasses();
    private final Set<String> notes = new LinkedHashSet<>();
    private int runs;

    GroupBuilder(RunResult first) {
        this.first = first;
        add(first);
    }

    /** Returns whether the run differs from the first only by its seed. */
    boolean takes(RunKey key) {
        RunKey own = first.key();
        return key.equals(new RunKey(own.experiment(), own.workload(), own.policy(), own.load(), key.seed()));
    }

    /** Adds a run that the group {@linkplain #takes takes}. */
    void add(RunResult result) {
        runs++;
        for (MetricValue value : result.metrics()) {
            int at = value.at() == null ? RunGroup.WHOLE_RUN : value.at();
            values.computeIfAbsent(value.metric(), _ -> new TreeMap<>())
                    .computeIfAbsent(at, _ -> new TreeMap<>())
                    .put(result.key().seed(), value.value());
        }
        if (has(result, Metric.JCT_P50)) {
            jctSeconds.add(seconds(result.tasks(), TaskOutcome::jctSeconds));
            classes.add(result.tasks());
        }
        if (has(result, Metric.QUEUEING_P50)) {
            queueingSeconds.add(seconds(result.tasks(), TaskOutcome::queueingSeconds));
        }
        notes.addAll(result.notes());
    }

    /** Returns whether the run has the metric. A run that ignores times lacks it, and its tasks' times mean nothing. */
    private static boolean has(RunResult result, Metric metric) {
        return result.metrics().stream().anyMatch(value -> value.metric() == metric);
    }

    private static double[] seconds(List<TaskOutcome> tasks, Function<TaskOutcome, @Nullable Double> time) {
        return tasks.stream()
                .map(time)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** Returns the group of all added runs. */
    RunGroup build() {
        return new RunGroup(
                first.key(),
                runs,
                values,
                estimates(),
                pooled(jctSeconds),
                pooled(queueingSeconds),
                classes.bySize(),
                classes.byUser(),
                first.utilisation(),
                List.copyOf(notes));
    }

    private Map<Metric, SortedMap<Integer, Estimate>> estimates() {
        Map<Metric, SortedMap<Integer, Estimate>> estimates = new EnumMap<>(Metric.class);
        values.forEach((metric, byLoad) -> {
            SortedMap<Integer, Estimate> ofMetric = new TreeMap<>();
            byLoad.forEach((at, numbers) -> ofMetric.put(
                    at,
                    Estimate.of(numbers.values().stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray())));
            estimates.put(metric, ofMetric);
        });
        return estimates;
    }

    private static Quantiles pooled(List<double[]> runs) {
        double[] all = runs.stream().flatMapToDouble(Arrays::stream).toArray();
        return Quantiles.of(Distribution.of(all));
    }
}
