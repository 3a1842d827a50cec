package io.gpuctl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.logging.LogFields;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Instant;
import java.util.logging.Level;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Formats each message as one line of JSON: {@code timestamp}, {@code level}, {@code logger}, {@code thread},
 * {@code message}, the fields of {@link LogFields}, and {@code error} for a failure. Only an unexpected failure has a
 * {@code stack_trace}.
 *
 * <p>The log manager's own {@code JsonFormatter} nests the fields in {@code mdc}, and cannot leave out fields.
 */
final class JsonLog extends ExtFormatter {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    @Override
    public String format(ExtLogRecord record) {
        ObjectNode line = line(record.getInstant(), record.getLevel(), record.getLoggerName());
        line.put("thread", record.getThreadName()).put("message", formatMessage(record));
        record.getMdcCopy().forEach((name, value) -> putField(line, name, value));
        Throwable failure = record.getThrown();
        if (failure != null) {
            putFailure(line, failure);
        }
        return write(line);
    }

    private static ObjectNode line(Instant at, Level level, @Nullable String logger) {
        return JSON.createObjectNode()
                .put("timestamp", at.toString())
                .put("level", name(level))
                .put("logger", logger);
    }

    private static String name(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static void putField(ObjectNode line, String name, String value) {
        if (LogFields.NUMBERS.contains(name)) {
            line.put(name, Long.parseLong(value));
        } else {
            line.put(name, value);
        }
    }

    private static void putFailure(ObjectNode line, Throwable failure) {
        var sentence = FailureHandler.sentence(failure);
        line.put("error", sentence.orElseGet(failure::toString));
        if (sentence.isEmpty()) {
            var trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            line.put("stack_trace", trace.toString());
        }
    }

    private static String write(ObjectNode line) {
        try {
            return JSON.writeValueAsString(line) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A log line cannot be written as JSON", e);
        }
    }

    /**
     * The writer for the messages of a command to its user. Each complete line becomes a log message. A line that
     * begins with {@value FailureHandler#PREFIX} is an error.
     */
    static final class Messages extends PrintWriter {
        private final PrintWriter to;

        Messages(PrintWriter to) {
            super(new Lines(to), true);
            this.to = to;
        }

        /** Writes the failure that ended the command. */
        void failure(String sentence, @Nullable Throwable unforeseen) {
            to.print(message(Level.SEVERE, sentence, unforeseen));
            to.flush();
        }
    }

    private static String message(Level level, String message, @Nullable Throwable unforeseen) {
        ObjectNode line = line(Instant.now(), level, "gpuctl").put("message", message);
        if (unforeseen != null) {
            putFailure(line, unforeseen);
        }
        return write(line);
    }

    private static final class Lines extends Writer {
        private final StringBuilder begun = new StringBuilder();
        private final PrintWriter to;

        Lines(PrintWriter to) {
            this.to = to;
        }

        @Override
        public void write(char[] characters, int offset, int length) {
            synchronized (lock) {
                for (int i = offset; i < offset + length; i++) {
                    if (characters[i] == '\n') {
                        end();
                    } else {
                        begun.append(characters[i]);
                    }
                }
            }
        }

        private void end() {
            String text = begun.toString();
            begun.setLength(0);
            boolean isError = text.startsWith(FailureHandler.PREFIX);
            String message = isError ? text.substring(FailureHandler.PREFIX.length()) : text;
            if (!message.isBlank()) {
                to.print(message(isError ? Level.SEVERE : Level.INFO, message.strip(), null));
                to.flush();
            }
        }

        @Override
        public void flush() {
            to.flush();
        }

        @Override
        public void close() {
            synchronized (lock) {
                end();
            }
        }
    }
}
