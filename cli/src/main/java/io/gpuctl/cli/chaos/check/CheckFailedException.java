package io.gpuctl.cli.chaos.check;

import java.io.Serial;

/** Thrown when the log cannot be read. */
public final class CheckFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    CheckFailedException(String message) {
        super(message);
    }
}
