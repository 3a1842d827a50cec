package io.gpuctl.experiments.openmetrics;

import java.io.Serial;

/** A past has more samples than are written into one file. */
public final class TooManySamplesException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    TooManySamplesException(long samplesMax) {
        super("This would be more than %,d samples: choose a longer step, or less detail".formatted(samplesMax));
    }
}
