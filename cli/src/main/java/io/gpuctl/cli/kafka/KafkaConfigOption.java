package io.gpuctl.cli.kafka;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.events.kafka.KafkaConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The client settings for a Kafka cluster, for every command that connects to one. */
public final class KafkaConfigOption {

    /** The file that an embedded broker writes while it runs. */
    private static final Path OF_UP = Path.of(System.getProperty("user.home"), ".gpuctl", "kafka-client.properties");

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            defaultValue = "${env:GPUCTL_KAFKA_CONFIG:-}",
            description = {
                "File of properties for the connection to the Kafka cluster, as for Kafka's own tools:"
                        + " security.protocol, sasl.*, ssl.*, and bootstrap.servers if --kafka is left out. gpuctl up"
                        + " writes such a file to its data directory.",
                "Default: GPUCTL_KAFKA_CONFIG, or ~/.gpuctl/kafka-client.properties if that file is for the address of --kafka."
            })
    private String file = "";

    /** Returns whether the option is given: then --kafka may be left out. */
    public boolean isGiven() {
        return !file.isEmpty();
    }

    /**
     * Returns the settings to connect to the cluster.
     *
     * @param address {@code host:port[,host:port]}; null if the file contains the address
     * @throws CommandFailedException if the file cannot be read, or does not contain connection settings
     */
    public KafkaConnection connection(@Nullable String address) {
        if (isGiven()) {
            return read(Path.of(file), address);
        }
        if (address == null) {
            throw new CommandFailedException("--kafka HOST:PORT is missing: give the address of the Kafka cluster");
        }
        if (Files.isReadable(OF_UP)) {
            KafkaConnection running = read(OF_UP, null);
            if (running.bootstrapServers().equals(address)) {
                return running;
            }
        }
        return KafkaConnection.of(address);
    }

    public static KafkaConnection read(Path file, @Nullable String address) {
        try {
            return KafkaConnection.read(
                    file, address == null ? Map.of() : Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address));
        } catch (IOException e) {
            throw new CommandFailedException(
                    "--kafka-config: %s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException("--kafka-config: %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
