package io.gpuctl.cli.cluster;

import io.gpuctl.broker.BrokerStartException;
import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandFailedException;
import java.util.Optional;

/** The broker in this process. */
record BrokerService(EmbeddedBroker broker) implements Service {

    static BrokerService start(EmbeddedBroker.Config config) {
        try {
            return new BrokerService(EmbeddedBroker.start(config));
        } catch (BrokerStartException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String name() {
        return "broker";
    }

    /** Kafka ends the process when its broker cannot go on, so there is nothing to look for. */
    @Override
    public Optional<Throwable> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {
        broker.close();
    }
}
