package io.gpuctl.experiments.run;

import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.experiments.engine.FactSink;
import java.util.function.Consumer;

/** Executes runs of one kind. Pure and single-threaded: the result depends only on the arguments. */
interface RunMethod {
    /**
     * Executes a run from beginning to end.
     *
     * @param facts gets the facts of the run; an exception that it throws ends the run
     * @param telemetry gets the samples of measured nodes, in order of time with the facts
     */
    FinishedRun run(RunInput input, FactSink facts, Consumer<NodeTelemetry> telemetry);
}
