package io.gpuctl.experiments.run;

import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.experiments.engine.FactSink;
import java.util.function.Consumer;

/** How a run of one kind is done. Pure, and of one thread: the result depends on the arguments alone. */
interface RunMethod {
    /**
     * Does a run from beginning to end.
     *
     * @param facts gets the facts of the run too; what it throws ends the run
     * @param telemetry gets what nodes measure, as far as they do, between the facts in the order of time
     */
    FinishedRun run(RunInput input, FactSink facts, Consumer<NodeTelemetry> telemetry);
}
