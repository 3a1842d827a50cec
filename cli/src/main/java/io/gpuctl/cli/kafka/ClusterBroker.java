package io.gpuctl.cli.kafka;

import io.gpuctl.broker.BrokerStartException;
import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The broker of a cluster: one that runs already, or one that is started here, on a stopped cluster's data. */
public final class ClusterBroker implements AutoCloseable {
    private final String bootstrapServers;
    private final @Nullable EmbeddedBroker started;

    private ClusterBroker(String bootstrapServers, @Nullable EmbeddedBroker started) {
        this.bootstrapServers = bootstrapServers;
        this.started = started;
    }

    public static ClusterBroker running(String bootstrapServers) {
        return new ClusterBroker(bootstrapServers, null);
    }

    /** Starts the broker of a stopped cluster; throws if there is none in the directory, or it runs. */
    public static ClusterBroker ofStopped(Path directory) {
        if (!Files.isDirectory(directory.resolve("kafka"))) {
            throw new CommandFailedException(
                    "%s holds no cluster's data. Give the directory that gpuctl up ran with, or --kafka HOST:PORT."
                            .formatted(directory));
        }
        return ofStoppedOrNew(directory);
    }

    /** The same, or makes the directory; throws if its broker runs. */
    public static ClusterBroker ofStoppedOrNew(Path directory) {
        try {
            EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
            return new ClusterBroker(broker.bootstrapServers(), broker);
        } catch (BrokerStartException e) {
            throw new CommandFailedException(
                    "%s A running cluster is reached with --kafka HOST:PORT; gpuctl up prints that address."
                            .formatted(e.getMessage()),
                    e);
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Stops what was started here. */
    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
    }
}
