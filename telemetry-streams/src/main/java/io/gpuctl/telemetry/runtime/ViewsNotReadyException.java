package io.gpuctl.telemetry.runtime;

import org.jspecify.annotations.Nullable;

/** Thrown if the views cannot answer yet: they are starting or moving, or too many callers wait. */
public final class ViewsNotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ViewsNotReadyException(String message) {
        this(message, null);
    }

    public ViewsNotReadyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
