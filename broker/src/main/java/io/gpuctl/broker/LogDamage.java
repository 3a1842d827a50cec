package io.gpuctl.broker;

import java.nio.file.Path;

/**
 * A place in a partition's log from which the log cannot be read or is missing.
 *
 * @param partition the log's directory, such as {@code cluster-events-3}
 * @param file the segment; the log's directory if the log is gone
 * @param position the byte in the file
 * @param offset the first offset that cannot be served
 * @param until the next offset that can be read, or that is known to have been there; at least {@code offset}
 * @param text what is wrong, for people
 */
public record LogDamage(String partition, Path file, long position, long offset, long until, String text) {
    @Override
    public String toString() {
        return "%s, byte %d, offset %d: %s".formatted(file, position, offset, text);
    }
}
