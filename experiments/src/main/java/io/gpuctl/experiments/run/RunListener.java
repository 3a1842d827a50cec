package io.gpuctl.experiments.run;

import io.gpuctl.experiments.result.RunKey;

/** Is told how an experiment goes, by one thread at a time. */
public interface RunListener {
    RunListener NONE = new RunListener() {
        @Override
        public void advanced(long events) {}

        @Override
        public void finished(RunKey key) {}
    };

    /** As many more events have happened in some run. */
    void advanced(long events);

    /** A run has come to its end, and is saved; all its events were told. */
    void finished(RunKey key);
}
