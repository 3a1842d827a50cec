package io.gpuctl.cli.chaos.cluster;

import java.io.Serial;

/** Thrown when a scenario fails: the cluster broke, or could not be set up. The message says how. */
public final class ChaosException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public ChaosException(String message) {
        super(message);
    }

    public ChaosException(String message, Throwable cause) {
        super(message, cause);
    }
}
