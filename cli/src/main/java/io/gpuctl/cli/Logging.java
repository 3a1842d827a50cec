package io.gpuctl.cli;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.jboss.logmanager.handlers.SizeRotatingFileHandler;

/**
 * Configures where log lines go, and how they look. Only gpuctl's own warnings go to stderr: a problem that keeps a
 * command from its work ends the command with a sentence, and an operator cannot act on what Kafka, Streams and Quarkus
 * warn of while they start and stop. Commands that run a service write all warnings to a file in the data directory.
 *
 * <p>These handlers replace the handlers of Quarkus, before Quarkus boots and after.
 */
public final class Logging {

    private static final String OWN_LOGGERS = "io.gpuctl";
    private static final String FILE = "gpuctl.log";
    private static final long FILE_BYTES_MAX = 10 << 20;

    /** If this variable is set, a command without a log file shows the warnings of libraries too. */
    private static final String DEBUG_VARIABLE = "GPUCTL_DEBUG";

    /**
     * Loggers that would fill any file: the INFO lines of libraries, and a line for each bad record or connection that
     * a stranger can send. The list holds references, since a log manager may drop loggers that nothing refers to.
     */
    private static final List<Quiet> QUIET = List.of(
            new Quiet("org.apache.kafka", Level.WARNING),
            new Quiet("kafka", Level.WARNING),
            new Quiet("org.apache.kafka.streams.processor.internals.RecordDeserializer", Level.SEVERE),
            new Quiet("org.apache.kafka.common.network.Selector", Level.SEVERE));

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OWN = Logger.getLogger(OWN_LOGGERS);
    private static final Stderr STDERR = new Stderr();

    /** The format of log lines. */
    public enum Format {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The lowest level of lines that are written. */
    public enum Severity {
        ERROR(Level.SEVERE),
        WARN(Level.WARNING),
        INFO(Level.INFO),
        DEBUG(Level.FINE);

        @SuppressWarnings("ImmutableEnumChecker") // One of Java's constants.
        private final Level level;

        Severity(Level level) {
            this.level = level;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The format, set when the process began; used only by the thread that starts services. */
    private static Format format = Format.TEXT;

    private static Level level = Level.WARNING;

    private record Quiet(Logger logger, Level level) {

        Quiet(String name, Level level) {
            this(Logger.getLogger(name), level);
        }

        void apply() {
            logger.setLevel(level);
        }
    }

    private Logging() {}

    /** Sets the format and the lowest level of log lines from now on. */
    public static void configure(Format newFormat, Severity severity) {
        format = newFormat;
        level = severity.level;
        OWN.setLevel(level);
        STDERR.setLevel(level);
        if (format == Format.JSON) {
            STDERR.setFormatter(new JsonLog());
        }
    }

    /** Returns a writer for messages to the user, in the format of the log; the given writer if the format is text. */
    public static PrintWriter messages(PrintWriter err) {
        return format == Format.TEXT || err instanceof JsonLog.Messages ? err : new JsonLog.Messages(err);
    }

    /** Sends gpuctl's own warnings to stderr from now on. */
    static void warningsToStderr() {
        // The delayed handler would keep every line of every level until Quarkus boots, which most commands never do.
        ROOT.removeHandler(InitialConfigurator.DELAYED_HANDLER);
        ROOT.setLevel(Level.WARNING);
        QUIET.forEach(Quiet::apply);
        add(STDERR);
    }

    /** This class checks the logger itself, because Quarkus replaces any {@link Handler#setFilter filter}. */
    private static final class Stderr extends ConsoleHandler {
        private final boolean takesAll = System.getenv(DEBUG_VARIABLE) != null;

        Stderr() {
            super(Target.SYSTEM_ERR, new PatternFormatter("%d{HH:mm:ss} %-5p [%c{2.}] %s%n"));
        }

        @Override
        public boolean isLoggable(LogRecord record) {
            boolean isOurs = String.valueOf(record.getLoggerName()).startsWith(OWN_LOGGERS);
            return (isOurs || takesAll) && super.isLoggable(record);
        }
    }

    /** Also writes all warnings to a file in this directory from now on. */
    public static void warningsTo(Path directory) {
        try {
            var file = new SizeRotatingFileHandler(directory.resolve(FILE).toFile(), true, FILE_BYTES_MAX, 1);
            file.setFormatter(
                    format == Format.JSON
                            ? new JsonLog()
                            : new PatternFormatter("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p [%c] (%t) %s%e%n"));
            add(file);
        } catch (FileNotFoundException e) {
            throw new CommandFailedException("The log cannot be written: " + e.getMessage(), e);
        }
    }

    private static void add(Handler handler) {
        handler.setLevel(level);
        ROOT.addHandler(handler);
    }
}
