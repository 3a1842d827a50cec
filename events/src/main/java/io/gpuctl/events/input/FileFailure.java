package io.gpuctl.events.input;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.zip.ZipException;

/** Describes why a file could not be used: some of the JDK's exceptions say so only by their class names. */
public final class FileFailure {

    private FileFailure() {}

    /**
     * Returns the reason, without the file's name: {@code no such file}, {@code access denied}, {@code Is a directory}.
     */
    public static String reason(IOException failure) {
        if (failure instanceof FileSystemException file) {
            return file.getReason() == null ? kind(file) : file.getReason();
        }
        if (failure instanceof ZipException) {
            return "not gzip-compressed, or damaged";
        }
        return failure.getMessage() == null ? kind(failure) : failure.getMessage();
    }

    /** Returns the exception's kind in words: {@code AccessDeniedException} becomes {@code access denied}. */
    private static String kind(IOException failure) {
        return failure.getClass()
                .getSimpleName()
                .replaceAll("Exception$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
