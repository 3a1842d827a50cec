package io.gpuctl.cli.chaos.check;

import java.io.Serial;

/** The log could not be read. */
public final class CheckFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    CheckFailedException(String message) {
        super(message);
    }
}
