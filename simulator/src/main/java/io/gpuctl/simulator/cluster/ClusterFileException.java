package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.input.BoundedText;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.events.units.PlainText;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** Thrown if a cluster file cannot be used. The message names the file, the line, and the allowed values. */
public final class ClusterFileException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private ClusterFileException(String message, Throwable cause) {
        super(PlainText.message(message), cause);
    }

    ClusterFileException(Path file, String problem) {
        super(file + ": " + PlainText.message(problem));
    }

    ClusterFileException(Path file, long line, String problem) {
        super(file + ", line " + line + ": " + PlainText.message(problem));
    }

    static ClusterFileException of(Path file, int line, String field, InvalidFieldException e) {
        return new ClusterFileException(
                "%s, line %d: %s is %s, but must be %s".formatted(file, line, field, e.value(), e.allowed()), e);
    }

    static ClusterFileException unreadable(Path file, Exception cause) {
        if (cause instanceof BoundedText.TooLongException tooLong) {
            return new ClusterFileException(file, tooLong.line(), String.valueOf(cause.getMessage()));
        }
        if (cause instanceof CharacterCodingException) {
            return new ClusterFileException(file, "the file is not UTF-8 text");
        }
        if (cause instanceof NoSuchFileException) {
            return new ClusterFileException(file, "the file does not exist");
        }
        if (cause instanceof ZipException || cause instanceof EOFException) {
            return new ClusterFileException(file, "its gzip data is damaged or truncated");
        }
        String reason = cause instanceof IOException failure ? FileFailure.reason(failure) : cause.toString();
        return new ClusterFileException(file + " cannot be read: " + reason, cause);
    }
}
