package io.gpuctl.events;

import java.util.Optional;

/**
 * The log, or state stored from it, needs a newer program than this one. A program that gets this error stops before
 * the record, commits nothing past it, and reports the message.
 *
 * <p>This is an error, like {@link UnsupportedClassVersionError}: readers skip unreadable records by catching
 * exceptions, and they must not skip this one. Records after it may be read wrongly.
 */
public final class NewerLogError extends Error {
    private static final long serialVersionUID = 1L;
    private static final int CAUSES_MAX = 20;

    public NewerLogError(ReaderVersion needed) {
        super(("The log needs reader version %s from here on, but this gpuctl has reader version %s. Update"
                        + " gpuctl: nothing was lost, and a newer gpuctl continues from here")
                .formatted(needed, ReaderVersion.ofThisProgram()));
    }

    /** Returns the {@code NewerLogError} among a failure and its causes. */
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

    /** Returns the message for people; never null. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
