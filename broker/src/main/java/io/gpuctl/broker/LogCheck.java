package io.gpuctl.broker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Finds damage in the logs of a stopped broker: batches with a wrong checksum, offsets that go back or are missing, and
 * logs that end before an offset that they are known to have reached.
 *
 * <p>Kafka itself checks only the end of the logs, and only after an unclean shutdown. If it finds a bad batch there,
 * it removes the batch and everything after it, good or bad, without a visible message. Kafka serves damaged data
 * elsewhere as it is.
 *
 * <p>A broker that was killed or lost power may have left a part of a batch at the very end of a log, after the part
 * that was forced to the disk. This is no damage: the batch was never acknowledged, and Kafka removes it.
 *
 * <p>Segments before the last one change only by compaction, which replaces the file. They are read once:
 * {@link CheckedSegments} remembers them.
 */
public final class LogCheck {
    private static final Pattern PARTITION = Pattern.compile(".+-\\d+");
    private static final String SEGMENT = ".log";
    private static final String CLEAN_END = ".kafka_cleanshutdown";

    /** This topic keeps six hours of records and is not forced to the disk: its end may be lost in a power cut. */
    private static final String UNFORCED_TOPIC = "gpu-telemetry-";

    private final Path logs;
    private final CheckedSegments checked;
    private final Consumer<String> stage;
    private final List<LogDamage> damages = new ArrayList<>();
    private final boolean isCleanEnd;
    private Map<String, Long> recoveryPoints = Map.of();
    private Map<String, Long> highWatermarks = Map.of();
    private Map<String, Long> cleaned = Map.of();
    private long totalBytes;
    private long doneBytes;

    private LogCheck(Path logs, CheckedSegments checked, Consumer<String> stage) {
        this.logs = logs;
        this.checked = checked;
        this.stage = stage;
        isCleanEnd = Files.exists(logs.resolve(CLEAN_END));
    }

    /** Checks every byte of the logs in a stopped broker's data directory, by partition. */
    public static List<LogDamage> all(Path dataDirectory, Consumer<String> stage) throws IOException {
        return new LogCheck(dataDirectory.resolve("kafka"), CheckedSegments.none(), stage).run();
    }

    /** Checks the logs like {@link #all}, but skips segments that an earlier check has read. */
    static List<LogDamage> whatIsNew(Path dataDirectory, Consumer<String> stage) throws IOException {
        CheckedSegments checked = CheckedSegments.in(dataDirectory);
        List<LogDamage> damages = new LogCheck(dataDirectory.resolve("kafka"), checked, stage).run();
        if (damages.isEmpty()) {
            checked.save();
        }
        return damages;
    }

    private List<LogDamage> run() throws IOException {
        recoveryPoints = checkpoint("recovery-point-offset-checkpoint");
        highWatermarks = checkpoint("replication-offset-checkpoint");
        cleaned = checkpoint("cleaner-offset-checkpoint");
        SortedMap<String, List<Path>> partitions = partitions();
        for (List<Path> segments : partitions.values()) {
            for (Path segment : segments) {
                totalBytes += Files.size(segment);
            }
        }
        for (Map.Entry<String, List<Path>> partition : partitions.entrySet()) {
            check(partition.getKey(), partition.getValue());
        }
        Set<String> gone = new TreeSet<>(highWatermarks.keySet());
        gone.removeAll(partitions.keySet());
        for (String partition : gone) {
            long was = highWatermarks.getOrDefault(partition, 0L);
            if (was > 0) {
                damages.add(new LogDamage(
                        partition,
                        logs.resolve(partition),
                        0,
                        0,
                        was,
                        "the log is missing; it ended at offset " + was));
            }
        }
        return damages;
    }

    private Map<String, Long> checkpoint(String name) {
        try {
            return CheckpointFile.read(logs.resolve(name));
        } catch (IOException e) {
            damages.add(new LogDamage(name, logs.resolve(name), 0, 0, 0, "the file is damaged: " + e.getMessage()));
            return Map.of();
        }
    }

    private SortedMap<String, List<Path>> partitions() throws IOException {
        SortedMap<String, List<Path>> partitions = new TreeMap<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(logs, Files::isDirectory)) {
            for (Path directory : directories) {
                String name = String.valueOf(directory.getFileName());
                // Skips directories that a deletion has renamed.
                if (PARTITION.matcher(name).matches()) {
                    partitions.put(name, segments(directory));
                }
            }
        }
        return partitions;
    }

    /** Returns the segments in order. */
    static List<Path> segments(Path directory) throws IOException {
        List<Path> segments = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SEGMENT)) {
            files.forEach(segments::add);
        }
        segments.sort(null);
        return segments;
    }

    static long baseOffset(Path segment) {
        String name = String.valueOf(segment.getFileName());
        return Long.parseLong(name.substring(0, name.length() - SEGMENT.length()));
    }

    private void check(String partition, List<Path> segments) throws IOException {
        long next = 0;
        boolean isCompacted = mayBeCompacted(partition);
        Set<Long> open = new HashSet<>();
        for (int i = 0; i < segments.size(); i++) {
            Path segment = segments.get(i);
            boolean isLast = i == segments.size() - 1;
            long base = baseOffset(segment);
            if (i > 0 && base > next && !isCompacted) {
                damages.add(new LogDamage(
                        partition, segment, 0, next, base, "offsets %d to %d are missing".formatted(next, base - 1)));
                return;
            }
            if (!isLast && checked.knows(segment)) {
                // Compaction may have removed the last records.
                next = Math.max(base, isCompacted ? baseOffset(segments.get(i + 1)) : checked.nextOffset(segment));
                doneBytes += Files.size(segment);
                continue;
            }
            SegmentScan scan = SegmentScan.of(segment, base, open);
            say(segment);
            String problem = scan.problem();
            if (problem == null && scan.hasGaps() && !isCompacted) {
                problem = "offsets are missing between its batches";
            }
            if (problem != null && !isTornOff(partition, scan, isLast)) {
                long until = scan.goodAgainAt() >= 0
                        ? scan.goodAgainAt()
                        : Math.max(scan.nextOffset(), isLast ? known(partition) : baseOffset(segments.get(i + 1)));
                damages.add(new LogDamage(partition, segment, scan.position(), scan.nextOffset(), until, problem));
                return;
            }
            next = scan.nextOffset();
            open = new HashSet<>(scan.openTransactions());
            if (!isLast) {
                checked.add(segment, next);
            }
        }
        checkEnd(partition, segments, next);
    }

    /**
     * Returns whether the log may have been compacted. The first compaction may have ended before Kafka recorded it.
     */
    private boolean mayBeCompacted(String partition) {
        return cleaned.containsKey(partition)
                || partition.startsWith("__")
                || partition.contains("-changelog-")
                || partition.startsWith("node-conditions-");
    }

    /** Returns whether the problem is only a batch that a killed broker was writing. */
    private boolean isTornOff(String partition, SegmentScan scan, boolean isLast) {
        return isLast
                && !isCleanEnd
                && scan.goodAgainAt() < 0
                && scan.nextOffset() >= recoveryPoints.getOrDefault(partition, 0L)
                && scan.nextOffset() >= known(partition);
    }

    private long known(String partition) {
        boolean mayEndEarlier = !isCleanEnd && partition.startsWith(UNFORCED_TOPIC);
        return mayEndEarlier
                ? 0
                : Math.max(recoveryPoints.getOrDefault(partition, 0L), highWatermarks.getOrDefault(partition, 0L));
    }

    private void checkEnd(String partition, List<Path> segments, long end) throws IOException {
        long was = known(partition);
        if (end < was) {
            Path last = segments.isEmpty() ? logs.resolve(partition) : segments.getLast();
            damages.add(new LogDamage(
                    partition,
                    last,
                    segments.isEmpty() ? 0 : Files.size(last),
                    end,
                    was,
                    "the log ends here, but ended at offset %d when it was last in use".formatted(was)));
        }
    }

    private void say(Path segment) throws IOException {
        doneBytes += Files.size(segment);
        stage.accept("the logs are being checked: %,d of %,d MB".formatted(doneBytes >> 20, totalBytes >> 20));
    }
}
