package io.gpuctl.simulator.runtime;

import java.io.Serial;

/** Thrown if the simulator cannot start. The message is written for the user who started it. */
public final class SimulatorStartException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    SimulatorStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
