package io.gpuctl.audit.redo;

import java.io.Serial;

/** Ends the replay of a pool: from here on its state is not the one that was recorded. */
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
