package io.gpuctl.cli.chaos.check;

import java.io.Serial;

/** Thrown for a fact that is not legal at its place in the history. */
final class IllegalStepException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    IllegalStepException(String message) {
        super(message);
    }
}
