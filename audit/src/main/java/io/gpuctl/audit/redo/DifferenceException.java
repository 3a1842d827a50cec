package io.gpuctl.audit.redo;

import java.io.Serial;

/** Ends the replay of a pool, whose state differs from the recorded one from here on. */
final class DifferenceException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Difference difference;

    DifferenceException(Difference difference) {
        super(difference.summary());
        this.difference = difference;
    }

    Difference difference() {
        return difference;
    }
}
