package io.gpuctl.experiments.openmetrics;

import java.io.Serial;

/** A past has more samples than one file may hold. */
public final class TooManySamplesException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    TooManySamplesException(long samplesMax) {
        super("There would be more than %,d samples: choose a longer step or less detail".formatted(samplesMax));
    }
}
