package io.gpuctl.audit.log;

import java.io.Serial;

/** Thrown for a line that is not a record. The message says what was expected; the caller adds file and line. */
final class LineFormatException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    LineFormatException(String message) {
        super(message);
    }

    LineFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
