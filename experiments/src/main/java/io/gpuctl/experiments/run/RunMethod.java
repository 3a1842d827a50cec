package io.gpuctl.experiments.run;

import io.gpuctl.experiments.engine.FactSink;

/** How a run of one kind is done. Pure, and of one thread: the result depends on the arguments alone. */
interface RunMethod {
    /**
     * Does a run from beginning to end.
     *
     * @param facts gets the facts of the run too; what it throws ends the run
     */
    FinishedRun run(RunInput input, FactSink facts);
}
