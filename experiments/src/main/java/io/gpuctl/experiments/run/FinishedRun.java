package io.gpuctl.experiments.run;

import io.gpuctl.experiments.result.RunResult;

/**
 * A finished run.
 *
 * @param events number of facts of the run; for rounds, which have no facts, the number of arrivals and ends of jobs
 */
public record FinishedRun(RunResult result, long events) {}
