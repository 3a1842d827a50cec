package io.gpuctl.experiments.run;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskState;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.published.MuriOutcome;
import io.gpuctl.experiments.published.MuriRun;
import io.gpuctl.experiments.published.MuriSummary;
import io.gpuctl.experiments.published.MuriWork;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.MetricValue;
import io.gpuctl.experiments.result.Metrics;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.RunTotals;
import io.gpuctl.experiments.result.TaskOutcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Decides anew at each arrival and end which jobs run. Repeats the experiment of Zhao et al., SIGCOMM 2022, exactly.
 */
final class RoundsRun implements RunMethod {
    /** Metrics that need the state of the cluster over time, which this experiment does not record. */
    private static final Set<Metric> UNKNOWN = EnumSet.of(Metric.GPU_ALLOCATION_MEAN, Metric.WASTED_GPU_HOURS);

    @Override
    public FinishedRun run(RunInput input, FactSink facts, Consumer<NodeTelemetry> telemetry) {
        if (!(input.source() instanceof Source.Jobs source)) {
            throw new IllegalStateException(input.source().name() + " has tasks, not jobs");
        }
        List<NodeInventory> nodes = input.experiment().nodes();
        var cluster = new MuriRun.Cluster(nodes.size(), nodes.getFirst().gpuCount());
        var order = MuriRun.Order.valueOf(input.policy().name().toUpperCase(Locale.ROOT));
        List<MuriOutcome> ended = MuriRun.run(source.jobs(), order, cluster);
        List<TaskOutcome> outcomes = outcomes(ended, source.jobs());
        var result = new RunResult(input.key(), metrics(ended, outcomes), outcomes, List.of(), source.notes());
        return new FinishedRun(result, 2L * ended.size());
    }

    private static List<TaskOutcome> outcomes(List<MuriOutcome> ended, List<MuriWork> jobs) {
        Map<Integer, MuriWork> byId = new LinkedHashMap<>();
        jobs.forEach(job -> byId.put(job.id(), job));
        List<TaskOutcome> outcomes = new ArrayList<>(ended.size());
        for (MuriOutcome job : ended) {
            MuriWork work = byId.get(job.id());
            outcomes.add(new TaskOutcome(
                    "muri-" + job.id(),
                    "muri",
                    job.submitSeconds(),
                    job.startSeconds(),
                    job.endSeconds(),
                    work == null ? null : work.iterations() * work.iterationSeconds(),
                    1 + job.preemptions(),
                    List.of(),
                    job.gpus(),
                    TaskState.COMPLETED));
        }
        return outcomes;
    }

    private static List<MetricValue> metrics(List<MuriOutcome> ended, List<TaskOutcome> outcomes) {
        MuriSummary summary = MuriSummary.of(ended);
        List<MetricValue> metrics = new ArrayList<>();
        for (MetricValue value : Metrics.of(outcomes, new RunTotals(0, summary.preemptions(), 0, null))) {
            if (!UNKNOWN.contains(value.metric())) {
                metrics.add(new MetricValue(value.metric(), value.at(), asPublished(value, summary)));
            }
        }
        return metrics;
    }

    /**
     * Replaces the values that the publication computes differently: it sums in another order, and counts the makespan
     * from the start of the trace.
     */
    private static double asPublished(MetricValue value, MuriSummary summary) {
        if (value.metric() == Metric.JCT_MEAN) {
            return summary.averageJctSeconds();
        }
        if (value.metric() == Metric.JCT_P99) {
            return summary.p99JctSeconds();
        }
        return value.metric() == Metric.MAKESPAN ? summary.makespanSeconds() : value.value();
    }
}
