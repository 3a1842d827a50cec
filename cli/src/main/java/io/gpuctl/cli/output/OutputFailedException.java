package io.gpuctl.cli.output;

import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.io.Serial;

/** Thrown when the output of the command cannot be written. */
public final class OutputFailedException extends CommandFailedException {

    static final String BROKEN_PIPE = "Broken pipe";

    @Serial
    private static final long serialVersionUID = 1L;

    OutputFailedException(IOException cause) {
        super("The output cannot be written: " + cause.getMessage(), cause);
    }

    /**
     * Returns whether the reader closed the output, as {@code head} does: then an error message has no reader either.
     */
    public boolean isReaderGone() {
        return String.valueOf(getMessage()).contains(BROKEN_PIPE);
    }
}
