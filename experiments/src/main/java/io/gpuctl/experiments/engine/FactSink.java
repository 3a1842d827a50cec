package io.gpuctl.experiments.engine;

import io.gpuctl.events.Fact;
import java.util.List;

/** Takes the facts of a run, in their order. */
@FunctionalInterface
public interface FactSink {
    void accept(Fact fact);

    /** Returns a sink that gives each fact to all of these sinks, in their order. */
    static FactSink all(FactSink... sinks) {
        List<FactSink> each = List.of(sinks);
        return fact -> {
            for (FactSink sink : each) {
                sink.accept(fact);
            }
        };
    }
}
