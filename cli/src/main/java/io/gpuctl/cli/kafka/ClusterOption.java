package io.gpuctl.cli.kafka;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The cluster whose log a command reads: a mixin. */
public final class ClusterOption {

    @ArgGroup
    private @Nullable Place place;

    @Mixin
    private KafkaConfigOption kafkaConfig = new KafkaConfigOption();

    /** The place of the log: at most one of these options. */
    private static final class Place {
        @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "The Kafka of a running cluster.")
        private @Nullable String kafka;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The data directory of gpuctl up (default: ~/.gpuctl).")
        private @Nullable Path directory;
    }

    /** Connects to the broker of the cluster, or starts it; see {@link ClusterBroker#of}. */
    public ClusterBroker connect() {
        return ClusterBroker.of(
                place == null ? null : place.kafka, kafkaConfig, place == null ? null : place.directory);
    }
}
