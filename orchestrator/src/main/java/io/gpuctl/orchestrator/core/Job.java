package io.gpuctl.orchestrator.core;

/**
 * A task as an order by time sees it.
 *
 * @param remainingSeconds how long it would still run; what an order may use that {@link QueueOrder#needsDurations}
 * @param gpus how many GPUs it asks for; a share of one is less than 1
 * @param attainedSeconds how long it has run so far
 */
public record Job(double remainingSeconds, double gpus, double attainedSeconds) {}
