package io.gpuctl.cli.cluster;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option for an embedded broker that accepts clients without a password. */
final class KafkaOpenOption {

    @Option(
            names = "--kafka-open",
            description = {
                "Let every user of this machine read and write the embedded broker's topics, without a password.",
                "Otherwise a client needs the settings in kafka-client.properties in the data directory."
            })
    private boolean open;

    boolean isOpen() {
        return open;
    }

    /** Returns the broker's address, and what else a client needs, for people. */
    String describe(KafkaConnection kafka, Path dataDirectory) {
        return open
                ? kafka + "   (open to all users of this machine)"
                : "%s   (clients: --kafka-config %s)"
                        .formatted(kafka, EmbeddedBroker.clientSettingsFile(dataDirectory));
    }
}
