package io.gpuctl.cli.chaos.check;

import java.io.Serial;

/** A fact that no legal history has at its place. */
final class IllegalStepException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    IllegalStepException(String message) {
        super(message);
    }
}
