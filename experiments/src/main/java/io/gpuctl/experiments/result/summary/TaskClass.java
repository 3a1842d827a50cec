package io.gpuctl.experiments.result.summary;

import java.util.Optional;

/**
 * The outcomes of one class of tasks in the runs of a group: means over the tasks of each run, estimated over the runs.
 *
 * @param name of the user, or of the size: "8 GPUs"
 * @param tasks number of tasks in all runs together, including those that did not start
 * @param queueingSeconds of the tasks that started
 * @param jctSeconds of the tasks that completed
 */
public record TaskClass(String name, long tasks, Optional<Estimate> queueingSeconds, Optional<Estimate> jctSeconds) {}
