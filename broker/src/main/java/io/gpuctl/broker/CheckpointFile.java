package io.gpuctl.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kafka's checkpoint files, with an offset for each partition: a version, the number of offsets, and lines of topic,
 * partition and offset.
 */
final class CheckpointFile {
    private static final Pattern LINE = Pattern.compile("(\\S+) (\\d+) (\\d+)");
    private static final int HEADER_LINES = 2;

    private CheckpointFile() {}

    /**
     * Reads the offsets by directory name, such as {@code cluster-events-3}; empty if there is no file.
     *
     * @throws IOException if the file is damaged
     */
    static Map<String, Long> read(Path file) throws IOException {
        Map<String, Long> offsets = new TreeMap<>();
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty()) {
                return offsets; // Kafka creates the file empty.
            }
            for (String line : lines.subList(Math.min(HEADER_LINES, lines.size()), lines.size())) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    throw new IOException("expected topic, partition and offset, but found '%s'".formatted(line));
                }
                offsets.put(matcher.group(1) + "-" + matcher.group(2), Long.parseLong(matcher.group(3)));
            }
            if (lines.size() < HEADER_LINES || !lines.get(1).equals(String.valueOf(offsets.size()))) {
                throw new IOException("its number of entries is not the one in its header");
            }
        } catch (NoSuchFileException _) {
            return Map.of();
        } catch (NumberFormatException e) {
            throw new IOException("an offset in it is too large", e);
        }
        return offsets;
    }

    static void write(Path file, Map<String, Long> offsets) throws IOException {
        List<String> lines = new ArrayList<>(List.of("0", String.valueOf(offsets.size())));
        offsets.forEach((partition, offset) -> {
            int dash = partition.lastIndexOf('-');
            lines.add("%s %s %d".formatted(partition.substring(0, dash), partition.substring(dash + 1), offset));
        });
        Files.write(file, lines);
    }
}
