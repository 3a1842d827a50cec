package io.gpuctl.experiments.result.summary;

import java.util.Optional;

/**
 * Tasks of one kind in the runs of a group, and how they fared: the means over the tasks of a run, estimated over the runs.
 *
 * @param name of the user, or of the size: "8 GPUs"
 * @param tasks in all runs together, also those that did not start
 * @param queueingSeconds of those that started
 * @param jctSeconds of those that completed
 */
public record TaskClass(String name, long tasks, Optional<Estimate> queueingSeconds, Optional<Estimate> jctSeconds) {}
