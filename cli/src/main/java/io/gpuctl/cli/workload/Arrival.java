package io.gpuctl.cli.workload;

import io.gpuctl.events.TaskSpec;

/**
 * A task of a workload.
 *
 * @param atMs when it is submitted, ms from the start of the workload
 */
public record Arrival(long atMs, TaskSpec task) {}
