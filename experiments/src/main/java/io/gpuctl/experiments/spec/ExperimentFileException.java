package io.gpuctl.experiments.spec;

import io.gpuctl.events.units.PlainText;
import java.io.Serial;

/** An experiment cannot be run as specified. The message names the key, its value and what is allowed. */
public final class ExperimentFileException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public ExperimentFileException(String message) {
        super(PlainText.message(message));
    }

    ExperimentFileException(String message, Throwable cause) {
        super(PlainText.message(message), cause);
    }

    static ExperimentFileException of(String key, String value, String allowed) {
        return new ExperimentFileException("%s is %s, but must be %s".formatted(key, value, allowed));
    }
}
