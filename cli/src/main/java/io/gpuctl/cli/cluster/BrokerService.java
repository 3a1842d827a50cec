package io.gpuctl.cli.cluster;

import io.gpuctl.broker.BrokerStartException;
import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.metrics.BrokerMetrics;
import io.gpuctl.events.kafka.KafkaConnection;
import io.prometheus.client.CollectorRegistry;
import java.nio.file.Path;
import java.util.Optional;

/** The broker in this process. */
record BrokerService(EmbeddedBroker broker, Path dataDirectory, BrokerMetrics metrics) implements Service {

    /**
     * Starts the broker.
     *
     * @param port 0 for a free port
     * @param open whether the broker accepts clients without a password
     * @param progress receives the current step of the start
     */
    static BrokerService start(Path dataDirectory, int port, boolean open, StartProgress progress) {
        BrokerHalt.explain(dataDirectory, progress.messages());
        try {
            var config = new EmbeddedBroker.Config(dataDirectory, port)
                    .with(FileBudget.ofProcess().brokerSettings());
            var broker = EmbeddedBroker.start(open ? config : config.withPassword(), progress::waitFor);
            return new BrokerService(broker, dataDirectory, new BrokerMetrics().register());
        } catch (BrokerStartException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    KafkaConnection kafka() {
        return new KafkaConnection(broker.clientSettings());
    }

    @Override
    public String name() {
        return "broker";
    }

    /** Reports a disk that is nearly full. For any other failure, Kafka ends the process; see {@link BrokerHalt}. */
    @Override
    public Optional<Throwable> failure() {
        return DiskSpace.shortage(dataDirectory).map(shortage -> shortage);
    }

    @Override
    public void close() {
        CollectorRegistry.defaultRegistry.unregister(metrics);
        broker.close();
    }
}
