package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Fact;

/**
 * Thrown for a fact that cannot follow the facts before it: it is out of sequence, or not legal in the current state.
 */
public final class IllegalFactException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    IllegalFactException(Fact fact, String why) {
        super("Fact %d of pool %s (%s): %s"
                .formatted(fact.sequence(), fact.pool(), fact.event().getClass().getSimpleName(), why));
    }

    IllegalFactException(Fact fact, RuntimeException cause) {
        this(fact, String.valueOf(cause.getMessage()));
        initCause(cause);
    }
}
