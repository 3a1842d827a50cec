package io.gpuctl.experiments.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.TaskState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private static final RunTotals TOTALS = new RunTotals(81.5, 3, 1.25, null);

    private static TaskOutcome completed(String user, double submit, double start, double end, double work) {
        return new TaskOutcome("t", user, submit, start, end, work, 1, List.of("n"), 1, TaskState.COMPLETED);
    }

    private static TaskOutcome unfinished(TaskState state) {
        return new TaskOutcome("t", "a", 0, null, null, null, 0, List.of(), 1, state);
    }

    private static Map<Metric, Double> of(List<TaskOutcome> tasks) {
        return byName(Metrics.of(tasks, TOTALS));
    }

    private static Map<Metric, Double> byName(List<MetricValue> values) {
        return values.stream().collect(Collectors.toMap(MetricValue::metric, MetricValue::value));
    }

    @Test
    void measuresTimesFromSubmission() {
        var metrics = of(List.of(completed("a", 10, 15, 30, 15), completed("a", 20, 20, 60, 40)));

        assertThat(metrics)
                .containsEntry(Metric.JCT_MEAN, 30.0)
                .containsEntry(Metric.QUEUEING_MEAN, 2.5)
                .containsEntry(Metric.MAKESPAN, 50.0);
    }

    /** The values are 1 to 200: index int(200 x 0.99) is 198, which holds 199. */
    @Test
    void takesQuantilesAsThePublishedTablesDo() {
        List<TaskOutcome> tasks = new ArrayList<>(IntStream.rangeClosed(1, 200)
                .mapToObj(i -> completed("a", 0, 0, i, i))
                .toList());
        Collections.shuffle(tasks, new Random(1));

        assertThat(of(tasks))
                .containsEntry(Metric.JCT_P50, 101.0)
                .containsEntry(Metric.JCT_P95, 191.0)
                .containsEntry(Metric.JCT_P99, 199.0);
    }

    /**
     * The slowdowns: 100 s for 50 s of work is 2; 20 s for 5 s of work, which count as 10 s, is 2; 2 s for 1 s of work
     * is 1, not 0.2.
     */
    @Test
    void boundsSlowdownByTenSeconds() {
        var metrics =
                of(List.of(completed("a", 0, 50, 100, 50), completed("a", 0, 15, 20, 5), completed("a", 0, 1, 2, 1)));

        assertThat(metrics.get(Metric.BOUNDED_SLOWDOWN_MEAN)).isCloseTo(5.0 / 3, within(1e-12));
    }

    /** The users' mean slowdowns are 1 (of 1 and 1) and 3, so the index is (1 + 3)^2 / (2 x (1 + 9)). */
    @Test
    void comparesUsersByTheirMeanSlowdown() {
        var metrics =
                of(List.of(completed("a", 0, 0, 20, 20), completed("a", 0, 0, 30, 30), completed("b", 0, 40, 60, 20)));

        assertThat(metrics.get(Metric.JAIN_FAIRNESS)).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void takesWhatTheEngineCounted() {
        assertThat(of(List.of()))
                .containsEntry(Metric.GPU_ALLOCATION_MEAN, 81.5)
                .containsEntry(Metric.PREEMPTIONS, 3.0)
                .containsEntry(Metric.WASTED_GPU_HOURS, 1.25)
                .doesNotContainKeys(Metric.ENERGY, Metric.THROTTLED_GPU_HOURS);

        var totals = new RunTotals(81.5, 3, 1.25, new RunTotals.Physics(42, 0.5));
        assertThat(byName(Metrics.of(List.of(), totals)))
                .containsEntry(Metric.ENERGY, 42.0)
                .containsEntry(Metric.THROTTLED_GPU_HOURS, 0.5);
    }

    @Test
    void countsEveryTaskInOneState() {
        List<TaskOutcome> oneEach = new ArrayList<>();
        for (TaskState state : TaskState.values()) {
            oneEach.add(unfinished(state));
        }

        assertThat(of(oneEach))
                .containsEntry(Metric.TASKS, 10.0)
                .containsEntry(Metric.TASKS_COMPLETED, 1.0)
                .containsEntry(Metric.TASKS_FAILED, 1.0)
                .containsEntry(Metric.TASKS_CANCELLED, 1.0)
                .containsEntry(Metric.TASKS_REJECTED, 1.0)
                .containsEntry(Metric.TASKS_HOLDING_GPUS, 4.0)
                .containsEntry(Metric.TASKS_WAITING, 2.0);
    }

    @Test
    void leavesOutWhatIsUndefined() {
        assertThat(of(List.of(unfinished(TaskState.QUEUED))))
                .doesNotContainKeys(
                        Metric.JCT_MEAN, Metric.QUEUEING_P99, Metric.MAKESPAN, Metric.JAIN_FAIRNESS, Metric.ENERGY);
    }

    @Test
    void aRunWithoutTimesHasCountsOnly() {
        assertThat(Metrics.untimed(List.of(completed("a", 0, 0, 1, 1))))
                .extracting(MetricValue::metric)
                .allMatch(metric -> metric.id().startsWith("tasks"));
    }

    @Test
    void theOrderOfTheTasksChangesNoDigit() {
        List<TaskOutcome> tasks = new ArrayList<>();
        var random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            double work = random.nextDouble();
            tasks.add(completed("user-" + i % 7, 0, random.nextDouble(), 1e6 * random.nextDouble() + 1, work));
        }
        var before = Metrics.of(tasks, TOTALS);

        Collections.shuffle(tasks, random);

        assertThat(Metrics.of(tasks, TOTALS)).isEqualTo(before);
    }

    @Test
    void aValueIsFiniteAndMeasuredWhereItsMetricIs() {
        assertThatThrownBy(() -> MetricValue.of(Metric.JCT_MEAN, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MetricValue.of(Metric.ALLOCATED, 1)).hasMessageContaining("at an arrived load");
        assertThatThrownBy(() -> MetricValue.at(5, Metric.JCT_MEAN, 1)).hasMessageContaining("whole run");
    }
}
