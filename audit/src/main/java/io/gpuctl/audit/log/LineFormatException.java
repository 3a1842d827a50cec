package io.gpuctl.audit.log;

import java.io.Serial;

/** A line is no record. The message says what was expected; whoever knows file and line adds them. */
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
