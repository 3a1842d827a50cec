package io.gpuctl.experiments.eventlog;

import java.io.Serial;
import java.nio.file.Path;

/** An event log cannot be read or written. The message names the file, the line if one is wrong, and what was expected. */
public final class EventLogException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    EventLogException(Path file, String problem) {
        super(file + ": " + problem);
    }

    EventLogException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }

    EventLogException(LogPlace place, String problem) {
        super(place + ": " + problem);
    }

    EventLogException(Path file, long line, String problem, Throwable cause) {
        super("%s, line %d: %s".formatted(file, line, problem), cause);
    }

    EventLogException(Path file, long line, String problem) {
        super("%s, line %d: %s".formatted(file, line, problem));
    }
}
