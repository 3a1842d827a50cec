package io.gpuctl.broker;

import java.nio.file.Path;

/**
 * A place from which on a partition's log cannot be read, or is missing.
 *
 * @param partition the log's directory, such as {@code cluster-events-3}
 * @param file the segment; the directory if that is gone
 * @param position the byte in the file
 * @param offset the first one that cannot be served
 * @param until the first one behind that which can be read, or is known to have been there; at least {@code offset}
 * @param text what is wrong, for people
 */
public record LogDamage(String partition, Path file, long position, long offset, long until, String text) {
    @Override
    public String toString() {
        return "%s, byte %d, offset %d: %s".formatted(file, position, offset, text);
    }
}
