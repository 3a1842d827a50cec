package io.gpuctl.cli.verify;

import java.io.Serial;

/** The cluster could not be verified. The message is for the person who asked: what is wrong, and what to do. */
final class VerifyException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    VerifyException(String message) {
        super(message);
    }

    VerifyException(String message, Throwable cause) {
        super(message, cause);
    }
}
