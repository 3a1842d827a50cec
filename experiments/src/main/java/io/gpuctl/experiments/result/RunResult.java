package io.gpuctl.experiments.result;

import java.util.List;

/**
 * The result of a run.
 *
 * @param metrics values of the whole run ({@link Metrics}), and at arrived loads if the run has them
 * @param tasks outcomes of the tasks, in an order that is the same in every repetition
 * @param utilisation utilisation over time, in order, with at most a few hundred points ({@link StepSeries}); empty for
 *     a workload without times
 * @param notes what a reader of the results must know, for example which fields of a trace have no counterpart
 */
public record RunResult(
        RunKey key,
        List<MetricValue> metrics,
        List<TaskOutcome> tasks,
        List<UtilisationPoint> utilisation,
        List<String> notes) {

    public RunResult {
        metrics = List.copyOf(metrics);
        tasks = List.copyOf(tasks);
        utilisation = List.copyOf(utilisation);
        notes = List.copyOf(notes);
    }
}
