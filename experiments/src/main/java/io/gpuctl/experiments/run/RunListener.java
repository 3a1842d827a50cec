package io.gpuctl.experiments.run;

import io.gpuctl.experiments.result.RunKey;

/** Is told how an experiment goes, by one thread at a time. */
@FunctionalInterface
public interface RunListener {
    RunListener NONE = (key, events) -> {};

    /** A run has come to its end, and is saved. */
    void finished(RunKey key, long events);
}
