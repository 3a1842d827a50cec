package io.gpuctl.audit.log;

import io.gpuctl.events.units.PlainText;
import java.io.Serial;
import java.nio.file.Path;

/**
 * Thrown when an event log cannot be read or written. The message names the file, the wrong line if there is one, and
 * what was expected.
 */
public final class EventLogException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    EventLogException(Path file, String problem) {
        super(file + ": " + PlainText.message(problem));
    }

    EventLogException(Path file, String problem, Throwable cause) {
        super(file + ": " + PlainText.message(problem), cause);
    }

    EventLogException(LogPlace place, String problem) {
        super(place + ": " + PlainText.message(problem));
    }

    EventLogException(Path file, long line, String problem, Throwable cause) {
        super("%s, line %d: %s".formatted(file, line, PlainText.message(problem)), cause);
    }

    EventLogException(Path file, long line, String problem) {
        super("%s, line %d: %s".formatted(file, line, PlainText.message(problem)));
    }
}
