package io.gpuctl.cli;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * Logging of a command that does not boot Quarkus: warnings, to stderr.
 *
 * <p>Until Quarkus has read its configuration, its log manager keeps every line of every level for later. A Kafka client
 * in a command without Quarkus would fill that memory, and its warnings would never be seen. When Quarkus does boot, it
 * puts its own handlers and levels in the place of these.
 */
final class Logging {

    /**
     * What nobody can act on, and the libraries' INFO: while Quarkus boots, it lets everything through for a moment. The
     * loggers are held here, since a log manager may forget them.
     */
    private static final List<Quiet> QUIET = List.of(
            new Quiet("org.apache.kafka", Level.WARNING),
            new Quiet("kafka", Level.WARNING),
            new Quiet("org.apache.kafka.controller.QuorumController", Level.OFF),
            new Quiet("kafka.server.ControllerApis", Level.OFF),
            new Quiet("org.apache.kafka.streams.processor.internals.RecordDeserializer", Level.SEVERE),
            new Quiet("org.apache.kafka.streams.StreamsConfig", Level.SEVERE),
            new Quiet("org.apache.kafka.streams.processor.internals.StateDirectory", Level.SEVERE),
            new Quiet("org.apache.kafka.clients.producer.internals.Sender", Level.SEVERE),
            new Quiet("org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils", Level.SEVERE));

    private static final Logger NETWORK_CLIENT = Logger.getLogger("org.apache.kafka.clients.NetworkClient");

    private record Quiet(Logger logger, Level level) {

        Quiet(String name, Level level) {
            this(Logger.getLogger(name), level);
        }

        void apply() {
            logger.setLevel(level);
        }
    }

    private Logging() {}

    static void warningsToStderr() {
        Logger.getLogger("").setLevel(Level.WARNING);
        QUIET.forEach(Quiet::apply);
        NETWORK_CLIENT.setFilter(record -> !isOfEmbeddedBroker(String.valueOf(record.getMessage())));
        var stderr = new ConsoleHandler();
        stderr.setFormatter(new PatternFormatter("%d{HH:mm:ss} %-5p [%c{2.}] %s%e%n"));
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new Handler[] {stderr});
    }

    /** What the broker says of its connections to itself, while it starts after a kill and while it stops. */
    private static boolean isOfEmbeddedBroker(String message) {
        return message.startsWith("[TransactionCoordinator ") || message.contains("already been closed");
    }
}
