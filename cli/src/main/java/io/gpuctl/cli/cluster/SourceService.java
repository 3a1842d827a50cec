package io.gpuctl.cli.cluster;

import io.gpuctl.api.metrics.MetricSources;
import io.gpuctl.cli.VersionProvider;
import io.gpuctl.events.kafka.DeadLetters;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSource;
import java.util.Optional;

/** Registers a source of metrics, which is read at each scrape until this service is closed. */
record SourceService(MetricSource source) implements Service {

    static SourceService start(MetricSource source) {
        MetricSources.ofProcess().add(source);
        return new SourceService(source);
    }

    /** Starts the metrics of every process. */
    static SourceService ofProcess() {
        String version = VersionProvider.version();
        return start(sink -> {
            sink.sample(Metric.BUILD_INFO, 1, version);
            DeadLetters.collect(sink);
        });
    }

    /** Starts the metric of the speed of cluster time. */
    static SourceService ofClock(double speed) {
        return start(sink -> sink.sample(Metric.CLOCK_SPEED, speed));
    }

    @Override
    public String name() {
        return "metrics source";
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {
        MetricSources.ofProcess().remove(source);
    }
}
