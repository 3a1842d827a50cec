package io.gpuctl.broker;

import java.io.Serial;

/** The broker could not start. The message is written for the person who started it: what is wrong, and what to do. */
public final class BrokerStartException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    BrokerStartException(String message) {
        super(message);
    }

    BrokerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
