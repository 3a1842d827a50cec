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

    /** What a single node says at each start, and nobody can act on. Held here, since a log manager may forget loggers. */
    private static final List<Logger> NOISE = List.of(
            Logger.getLogger("org.apache.kafka.controller.QuorumController"),
            Logger.getLogger("kafka.server.ControllerApis"));

    private Logging() {}

    static void warningsToStderr() {
        Logger.getLogger("").setLevel(Level.WARNING);
        NOISE.forEach(logger -> logger.setLevel(Level.OFF));
        var stderr = new ConsoleHandler();
        stderr.setFormatter(new PatternFormatter("%d{HH:mm:ss} %-5p [%c{2.}] %s%e%n"));
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new Handler[] {stderr});
    }
}
