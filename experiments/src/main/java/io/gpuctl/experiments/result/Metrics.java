package io.gpuctl.experiments.result;

import io.gpuctl.events.TaskState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Computes the metrics of a whole run. Formulas and sources are in {@code docs/metrics.md}. */
public final class Metrics {

    /** Work shorter than this counts as this long: else a task of a second could outweigh all others. */
    static final double SLOWDOWN_THRESHOLD_SECONDS = 10;

    private Metrics() {}

    /** Returns all metrics of a run with meaningful times. Leaves out undefined metrics. */
    public static List<MetricValue> of(Collection<TaskOutcome> tasks, RunTotals totals) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        putTimes(values, tasks);
        putSlowdown(values, tasks);
        values.put(Metric.GPU_ALLOCATION_MEAN, totals.gpuAllocationPercent());
        values.put(Metric.PREEMPTIONS, (double) totals.preemptions());
        values.put(Metric.WASTED_GPU_HOURS, totals.wastedGpuHours());
        var physics = totals.physics();
        if (physics != null) {
            values.put(Metric.ENERGY, physics.energyKwh());
            values.put(Metric.THROTTLED_GPU_HOURS, physics.throttledGpuHours());
        }
        FaultTotals faults = totals.faults();
        if (faults != null) {
            values.putAll(faults.values());
        }
        putCounts(values, tasks);
        return inOrder(values);
    }

    /** Returns the metrics of a run that ignores times, such as a packing run: only the number of tasks by state. */
    public static List<MetricValue> untimed(Collection<TaskOutcome> tasks) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        putCounts(values, tasks);
        return inOrder(values);
    }

    private static List<MetricValue> inOrder(Map<Metric, Double> values) {
        List<MetricValue> list = new ArrayList<>(values.size());
        values.forEach((metric, value) -> list.add(MetricValue.of(metric, value)));
        return List.copyOf(list);
    }

    private static void putTimes(Map<Metric, Double> values, Collection<TaskOutcome> tasks) {
        Distribution jct = distribution(tasks, TaskOutcome::jctSeconds);
        if (jct.count() > 0) {
            values.put(Metric.JCT_MEAN, jct.mean());
            values.put(Metric.JCT_P50, jct.quantile(0.50));
            values.put(Metric.JCT_P95, jct.quantile(0.95));
            values.put(Metric.JCT_P99, jct.quantile(0.99));
        }
        Distribution queueing = distribution(tasks, TaskOutcome::queueingSeconds);
        if (queueing.count() > 0) {
            values.put(Metric.QUEUEING_MEAN, queueing.mean());
            values.put(Metric.QUEUEING_P50, queueing.quantile(0.50));
            values.put(Metric.QUEUEING_P95, queueing.quantile(0.95));
            values.put(Metric.QUEUEING_P99, queueing.quantile(0.99));
        }
        Distribution ends = distribution(tasks, TaskOutcome::endSeconds);
        if (ends.count() > 0) {
            Distribution submissions = distribution(tasks, TaskOutcome::submitSeconds);
            values.put(Metric.MAKESPAN, ends.get(ends.count() - 1) - submissions.get(0));
        }
    }

    private static void putSlowdown(Map<Metric, Double> values, Collection<TaskOutcome> tasks) {
        Distribution slowdown = distribution(tasks, Metrics::boundedSlowdown);
        if (slowdown.count() > 0) {
            values.put(Metric.BOUNDED_SLOWDOWN_MEAN, slowdown.mean());
            values.put(Metric.JAIN_FAIRNESS, jain(meanSlowdownOfUsers(tasks)));
        }
    }

    /** Returns the bounded slowdown; null if the task did not complete, or its undisturbed duration is unknown. */
    static @Nullable Double boundedSlowdown(TaskOutcome task) {
        Double jct = task.jctSeconds();
        Double work = task.workSeconds();
        return jct == null || work == null ? null : Math.max(1, jct / Math.max(work, SLOWDOWN_THRESHOLD_SECONDS));
    }

    private static double[] meanSlowdownOfUsers(Collection<TaskOutcome> tasks) {
        Map<String, List<TaskOutcome>> byUser = new TreeMap<>();
        for (TaskOutcome task : tasks) {
            if (boundedSlowdown(task) != null) {
                byUser.computeIfAbsent(task.user(), _ -> new ArrayList<>()).add(task);
            }
        }
        return byUser.values().stream()
                .mapToDouble(own -> distribution(own, Metrics::boundedSlowdown).mean())
                .toArray();
    }

    /** Returns (sum x)^2 / (n sum x^2): 1 if all shares are equal, 1/n if all but one are 0. */
    static double jain(double[] shares) {
        double sum = 0;
        double squares = 0;
        for (double share : shares) {
            sum += share;
            squares += share * share;
        }
        return sum * sum / (shares.length * squares);
    }

    private static void putCounts(Map<Metric, Double> values, Collection<TaskOutcome> tasks) {
        values.put(Metric.TASKS, (double) tasks.size());
        Map<TaskState, Integer> byState = new EnumMap<>(TaskState.class);
        for (TaskOutcome task : tasks) {
            byState.merge(task.state(), 1, Integer::sum);
        }
        values.put(Metric.TASKS_COMPLETED, count(byState, state -> state == TaskState.COMPLETED));
        values.put(Metric.TASKS_FAILED, count(byState, state -> state == TaskState.FAILED));
        values.put(Metric.TASKS_CANCELLED, count(byState, state -> state == TaskState.CANCELLED));
        values.put(Metric.TASKS_REJECTED, count(byState, state -> state == TaskState.REJECTED));
        values.put(Metric.TASKS_HOLDING_GPUS, count(byState, TaskState::holdsGpus));
        values.put(Metric.TASKS_WAITING, count(byState, state -> !state.isFinal() && !state.holdsGpus()));
    }

    private static double count(Map<TaskState, Integer> byState, Predicate<TaskState> predicate) {
        return byState.entrySet().stream()
                .filter(entry -> predicate.test(entry.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static Distribution distribution(
            Collection<TaskOutcome> tasks, Function<TaskOutcome, @Nullable Double> value) {
        double[] values = new double[tasks.size()];
        int count = 0;
        for (TaskOutcome task : tasks) {
            Double defined = value.apply(task);
            if (defined != null) {
                values[count] = defined;
                count++;
            }
        }
        return Distribution.of(count == values.length ? values : Arrays.copyOf(values, count));
    }
}
