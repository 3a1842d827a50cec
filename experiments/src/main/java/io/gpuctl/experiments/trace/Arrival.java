package io.gpuctl.experiments.trace;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.TaskSpec;

/**
 * A task of a workload.
 *
 * @param atMs when it is submitted, ms from the start of the workload
 */
public record Arrival(long atMs, TaskSpec task) {

    public Arrival {
        if (atMs < 0) {
            throw new InvalidFieldException("at_ms", atMs, "0 or more");
        }
    }
}
