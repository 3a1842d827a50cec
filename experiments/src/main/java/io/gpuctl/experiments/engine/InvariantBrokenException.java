package io.gpuctl.experiments.engine;

import java.io.Serial;

/** An invariant is broken: a defect of the scheduler, of a node model or of the engine. */
public final class InvariantBrokenException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    InvariantBrokenException(String message) {
        super(message);
    }
}
