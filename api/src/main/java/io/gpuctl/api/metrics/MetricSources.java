package io.gpuctl.api.metrics;

import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.events.metrics.MetricSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Combines several sources into one. Thread-safe. */
public final class MetricSources implements MetricSource {
    private static final MetricSources PROCESS = new MetricSources();

    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();

    /**
     * Returns the sources of the services that run in this process besides the API. They exist before Quarkus has
     * started.
     */
    public static MetricSources ofProcess() {
        return PROCESS;
    }

    /** Adds a source. */
    public void add(MetricSource source) {
        sources.add(source);
    }

    public void remove(MetricSource source) {
        sources.remove(source);
    }

    @Override
    public void collect(MetricSink sink) {
        sources.forEach(source -> source.collect(sink));
    }
}
