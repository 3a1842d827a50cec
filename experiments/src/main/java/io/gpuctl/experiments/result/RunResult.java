package io.gpuctl.experiments.result;

import java.util.List;

/**
 * All that a run yields.
 *
 * @param metrics of the whole run ({@link Metrics}), and at arrived loads, where the run has those
 * @param tasks in any order that is the same in every repetition
 * @param utilisation over time, in order; at most a few hundred points ({@link StepSeries} sees to that). Empty for a
 *     workload without times
 * @param notes what a reader must know, for example which fields of a trace have no counterpart
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
