package io.gpuctl.cli;

import java.io.Serial;

/**
 * Thrown when a command cannot do what the user asked for. The message tells the user what is wrong, and what to do.
 */
public class CommandFailedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public CommandFailedException(String message) {
        super(message);
    }

    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
