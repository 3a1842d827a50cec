package io.gpuctl.orchestrator.core;

/**
 * A task as a time-based queue order sees it.
 *
 * @param remainingSeconds how long it would still run; only an order that {@link QueueOrder#needsDurations} may use
 *     this
 * @param gpus number of GPUs that it asks for; less than 1 for a share of a GPU
 * @param attainedSeconds how long it has run so far
 */
public record Job(double remainingSeconds, double gpus, double attainedSeconds) {}
