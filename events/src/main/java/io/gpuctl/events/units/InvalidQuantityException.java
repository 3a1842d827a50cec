package io.gpuctl.events.units;

import java.io.Serial;

/** A quantity that cannot be read. The message says what was given and what would have been right. */
public final class InvalidQuantityException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    InvalidQuantityException(String given, String problem, String examples) {
        super("'%s' %s: write it like %s".formatted(PlainText.quoted(given), problem, examples));
    }
}
