package io.gpuctl.cli.output;

import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.io.Serial;

/** The output of the command cannot be written. */
public final class OutputFailedException extends CommandFailedException {

    static final String BROKEN_PIPE = "Broken pipe";

    @Serial
    private static final long serialVersionUID = 1L;

    OutputFailedException(IOException cause) {
        super("The output cannot be written: " + cause.getMessage(), cause);
    }

    /** Whether its reader went away, as {@code head} does: there is nobody to tell. */
    public boolean isReaderGone() {
        return String.valueOf(getMessage()).contains(BROKEN_PIPE);
    }
}
