package io.gpuctl.telemetry.runtime;

import org.jspecify.annotations.Nullable;

/** The views cannot answer now, but will: they start, are being moved to or from this instance, or have too many waiters. */
public final class ViewsNotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ViewsNotReadyException(String message) {
        this(message, null);
    }

    public ViewsNotReadyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
