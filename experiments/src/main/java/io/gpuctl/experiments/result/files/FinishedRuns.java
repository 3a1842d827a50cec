package io.gpuctl.experiments.result.files;

import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import java.io.IOException;
import java.util.Optional;

/** The results of finished runs. */
@FunctionalInterface
public interface FinishedRuns {
    /**
     * Returns the result of a run; empty if the run is not finished.
     *
     * @throws IOException if the result cannot be read; the message names the file
     */
    Optional<RunResult> find(RunKey key) throws IOException;
}
