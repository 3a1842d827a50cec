package io.gpuctl.experiments.run;

import io.gpuctl.experiments.result.RunResult;

/**
 * A run that has come to its end.
 *
 * @param events how many facts it led to; for rounds, which have none, the arrivals and ends of jobs
 */
public record FinishedRun(RunResult result, long events) {}
