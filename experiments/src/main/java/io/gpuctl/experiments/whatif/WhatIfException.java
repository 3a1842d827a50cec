package io.gpuctl.experiments.whatif;

import java.io.Serial;

/** A recording cannot be run again. The message says why. */
public final class WhatIfException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    WhatIfException(String message) {
        super(message);
    }
}
