package io.gpuctl.experiments.run;

import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.spec.Experiment;
import io.gpuctl.experiments.spec.PolicyChoice;
import io.gpuctl.experiments.trace.Arrival;
import java.math.BigDecimal;
import java.util.List;

/** All inputs of a run. */
record RunInput(RunKey key, Experiment experiment, PolicyChoice policy, Source source) {
    /** Returns the load; throws {@link IllegalStateException} if the run has none. */
    BigDecimal load() {
        BigDecimal load = key.load();
        if (load == null) {
            throw new IllegalStateException("Run " + key + " has no load");
        }
        return load;
    }

    /** Returns the tasks in the order of arrival. */
    List<Arrival> arrivals() {
        if (source instanceof Source.OfTasks tasks) {
            return tasks.arrivals(key.seed());
        }
        throw new IllegalStateException(source.name() + " has jobs, not tasks");
    }

    boolean needsConditions() {
        return policy.needsConditions();
    }

    /** Returns the workload that the policy may expect: the tasks of the run. */
    TargetWorkload target(List<TaskSpec> tasks) {
        return policy.target(tasks);
    }
}
