package io.gpuctl.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The segments that an earlier check has read and found whole, and that have not changed since. A segment is identified
 * by name, size, time of the last change and file (compaction replaces the file). The list is in a file next to the
 * logs; without the file, all segments are read again.
 */
final class CheckedSegments {
    private static final String FILE = "checked-segments";

    private final @Nullable Path file;
    private final Map<String, Long> before;
    private final Map<String, Long> now = new LinkedHashMap<>();

    private CheckedSegments(@Nullable Path file, Map<String, Long> before) {
        this.file = file;
        this.before = before;
    }

    /** Returns an empty list that is not saved. */
    static CheckedSegments none() {
        return new CheckedSegments(null, Map.of());
    }

    static CheckedSegments in(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(FILE);
        Map<String, Long> before = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int space = line.lastIndexOf(' ');
                before.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
            }
        } catch (NoSuchFileException _) {
            return new CheckedSegments(file, Map.of());
        } catch (IndexOutOfBoundsException | NumberFormatException | java.nio.charset.CharacterCodingException _) {
            return new CheckedSegments(file, Map.of()); // Damaged too: all segments are read again.
        }
        return new CheckedSegments(file, before);
    }

    /** Returns whether the segment was read in its present state. */
    boolean knows(Path segment) throws IOException {
        String key = key(segment);
        Long next = before.get(key);
        if (next == null) {
            return false;
        }
        now.put(key, next);
        return true;
    }

    /** Returns the offset after a known segment. */
    long nextOffset(Path segment) throws IOException {
        return before.getOrDefault(key(segment), 0L);
    }

    void add(Path segment, long nextOffset) throws IOException {
        now.put(key(segment), nextOffset);
    }

    void save() throws IOException {
        if (file != null && !now.equals(before)) {
            Path written = file.resolveSibling(FILE + ".new");
            Files.write(
                    written,
                    now.entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .toList());
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String key(Path segment) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(segment, BasicFileAttributes.class);
        Path directory = segment.getParent();
        return "%s/%s %d %d %s"
                .formatted(
                        directory == null ? "" : directory.getFileName(),
                        segment.getFileName(),
                        attributes.size(),
                        attributes.lastModifiedTime().toMillis(),
                        attributes.fileKey());
    }
}
