package io.gpuctl.cli.kafka;

import io.gpuctl.broker.BrokerStartException;
import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The broker of a cluster: a running one, or one that is started here on the data of a stopped cluster. */
public final class ClusterBroker implements AutoCloseable {
    private final KafkaConnection kafka;
    private final @Nullable EmbeddedBroker started;

    private ClusterBroker(KafkaConnection kafka, @Nullable EmbeddedBroker started) {
        this.kafka = kafka;
        this.started = started;
    }

    private static ClusterBroker running(KafkaConnection kafka) {
        return new ClusterBroker(kafka, null);
    }

    /**
     * Returns the broker of the cluster that a command line names.
     *
     * @param address the address of an outside Kafka cluster; null if none is given
     * @param config may also name an outside cluster
     * @param directory the directory of a cluster of {@code gpuctl up}; null for the default one
     */
    public static ClusterBroker of(@Nullable String address, KafkaConfigOption config, @Nullable Path directory) {
        if (address != null || (directory == null && config.isGiven())) {
            return running(config.connection(address));
        }
        return of(directory == null ? Path.of(System.getProperty("user.home"), ".gpuctl") : directory);
    }

    /** Returns the running broker of the cluster in this directory, or starts one. */
    private static ClusterBroker of(Path directory) {
        return EmbeddedBroker.clientSettingsFileOfRunning(directory)
                .map(file -> running(KafkaConfigOption.read(file, null)))
                .orElseGet(() -> ofStopped(directory));
    }

    private static ClusterBroker ofStopped(Path directory) {
        if (!Files.isDirectory(directory.resolve("kafka"))) {
            throw new CommandFailedException(
                    "%s contains no data of a cluster. Give the data directory of gpuctl up, or --kafka HOST:PORT."
                            .formatted(directory));
        }
        return ofStoppedOrNew(directory);
    }

    /** Starts the broker of a stopped or new cluster; throws if the broker is running. */
    public static ClusterBroker ofStoppedOrNew(Path directory) {
        try {
            EmbeddedBroker broker =
                    EmbeddedBroker.start(EmbeddedBroker.Config.in(directory).withPassword());
            return new ClusterBroker(new KafkaConnection(broker.clientSettings()), broker);
        } catch (BrokerStartException e) {
            throw new CommandFailedException(
                    "%s A running cluster is reached with --kafka HOST:PORT; gpuctl up prints that address."
                            .formatted(e.getMessage()),
                    e);
        }
    }

    public KafkaConnection kafka() {
        return kafka;
    }

    /** Stops the broker if it was started here. */
    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
    }
}
