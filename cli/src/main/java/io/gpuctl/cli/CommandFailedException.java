package io.gpuctl.cli;

import java.io.Serial;

/** A command did not do what it was asked for. The message is for the person who typed it: what is wrong, and what to do. */
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
