package io.gpuctl.events;

import java.util.Optional;

/**
 * The log, or what is stored of it, needs a newer program than this one. Whoever meets it stops before the record, commits
 * nothing past it, and says the message.
 *
 * <p>An error, as {@link UnsupportedClassVersionError} is one: a reader that passes over a record which it cannot read
 * catches exceptions, and must not pass over this one. What follows such a record may be read wrongly.
 */
public final class NewerLogError extends Error {
    private static final long serialVersionUID = 1L;
    private static final int CAUSES_MAX = 20;

    public NewerLogError(ReaderVersion needed) {
        super(
                ("The log needs reader version %s from here on, but this gpuctl has reader version %s. Update gpuctl: nothing was"
                                + " lost, and a newer gpuctl goes on from here")
                        .formatted(needed, ReaderVersion.ofThisProgram()));
    }

    /** The one that is a failure's cause, however often it was wrapped. */
    public static Optional<NewerLogError> in(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause instanceof NewerLogError newer) {
                return Optional.of(newer);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** What to tell people; never null. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
