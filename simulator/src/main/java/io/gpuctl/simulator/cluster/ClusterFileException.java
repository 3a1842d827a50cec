package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import java.io.Serial;
import java.nio.file.Path;

/** A cluster file cannot be used. The message names the file, the line, and what would be right. */
public final class ClusterFileException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private ClusterFileException(String message, Throwable cause) {
        super(message, cause);
    }

    ClusterFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    ClusterFileException(Path file, int line, String problem) {
        super(file + ", line " + line + ": " + problem);
    }

    static ClusterFileException of(Path file, int line, String field, InvalidFieldException e) {
        return new ClusterFileException(
                "%s, line %d: %s is %s, but must be %s".formatted(file, line, field, e.value(), e.allowed()), e);
    }

    static ClusterFileException unreadable(Path file, Exception cause) {
        return new ClusterFileException(file + " cannot be read: " + cause, cause);
    }
}
