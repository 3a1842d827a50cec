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
 * Where log lines go, and what they look like. To stderr only warnings of our own: whatever keeps a command from its work ends it with a sentence,
 * and what Kafka, Streams and Quarkus warn of while they start and stop is nothing that anybody could act on. All of it
 * goes to a file in the data directory, of commands that run a service.
 *
 * <p>The handlers stand in the place of Quarkus' own, before it boots and after.
 */
public final class Logging {

    private static final String OWN_LOGGERS = "io.gpuctl";
    private static final String FILE = "gpuctl.log";
    private static final long FILE_BYTES_MAX = 10 << 20;

    /** Set it, and a command without a log file shows the libraries' warnings too. */
    private static final String DEBUG_VARIABLE = "GPUCTL_DEBUG";

    /**
     * What would fill any file: the libraries' INFO, and a line for each record or connection that a stranger can make
     * bad. The loggers are held here, since a log manager may forget them.
     */
    private static final List<Quiet> QUIET = List.of(
            new Quiet("org.apache.kafka", Level.WARNING),
            new Quiet("kafka", Level.WARNING),
            new Quiet("org.apache.kafka.streams.processor.internals.RecordDeserializer", Level.SEVERE),
            new Quiet("org.apache.kafka.common.network.Selector", Level.SEVERE));

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OWN = Logger.getLogger(OWN_LOGGERS);
    private static final Stderr STDERR = new Stderr();

    /** What lines look like. */
    public enum Format {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** From which one on lines are written. */
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

    /** As told when the process began; of the one thread that starts services. */
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

    /** From now on lines look like that, and there are no others. */
    public static void configure(Format newFormat, Severity severity) {
        format = newFormat;
        level = severity.level;
        OWN.setLevel(level);
        STDERR.setLevel(level);
        if (format == Format.JSON) {
            STDERR.setFormatter(new JsonLog());
        }
    }

    /** What a command tells its user, as lines in the format of the log; the same writer if that is text. */
    public static PrintWriter messages(PrintWriter err) {
        return format == Format.TEXT || err instanceof JsonLog.Messages ? err : new JsonLog.Messages(err);
    }

    /** From now on our own warnings go to stderr. */
    static void warningsToStderr() {
        // It would keep every line of every level until Quarkus boots, which most commands never do.
        ROOT.removeHandler(InitialConfigurator.DELAYED_HANDLER);
        ROOT.setLevel(Level.WARNING);
        QUIET.forEach(Quiet::apply);
        add(STDERR);
    }

    /** No {@link Handler#setFilter filter} does this: Quarkus puts its own in the place of any. */
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

    /** From now on all warnings go to a file in this directory as well. */
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
