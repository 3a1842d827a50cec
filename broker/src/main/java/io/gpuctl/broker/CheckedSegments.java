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
 * Which segments an earlier check has read and found whole, as they are now: by name, size, time of the last change and
 * file (compaction replaces it). Kept in a file beside the logs; without it all is read again.
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

    /** Knows nothing, and keeps nothing. */
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
            return new CheckedSegments(file, Map.of()); // Damaged too: all is read again.
        }
        return new CheckedSegments(file, before);
    }

    /** Whether it was read as it is. */
    boolean knows(Path segment) throws IOException {
        String key = key(segment);
        Long next = before.get(key);
        if (next == null) {
            return false;
        }
        now.put(key, next);
        return true;
    }

    /** The offset behind a segment that it knows. */
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
