package io.gpuctl.experiments.run;

import io.gpuctl.experiments.result.RunKey;

/** Receives the progress of an experiment, from one thread at a time. */
public interface RunListener {
    RunListener NONE = new RunListener() {
        @Override
        public void advanced(long events) {}

        @Override
        public void finished(RunKey key) {}
    };

    /** Called when {@code events} more events have happened in some run. */
    void advanced(long events);

    /** Called when a run is finished and saved, after all its events were reported. */
    void finished(RunKey key);
}
