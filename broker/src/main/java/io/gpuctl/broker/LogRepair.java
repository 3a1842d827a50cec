package io.gpuctl.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the damaged logs of a stopped broker to what is whole: to the last offset before the damage at which no
 * transaction is open. Everything that is cut off is kept in a directory beside the logs.
 */
public final class LogRepair implements AutoCloseable {
    private static final String METADATA = "__cluster_metadata-";
    private static final List<String> CHECKPOINTS =
            List.of("recovery-point-offset-checkpoint", "replication-offset-checkpoint");

    private final DataDirectory dataDirectory;
    private final Path logs;
    private final Path backup;

    /**
     * What is done to one log.
     *
     * @param damage why
     * @param segment the last one that stays; null if the log is emptied, or the damage is no log's
     * @param bytes how long that is then
     * @param end the offset at which the log ends then
     */
    public record Cut(LogDamage damage, @Nullable Path segment, long bytes, long end) {}

    private LogRepair(DataDirectory dataDirectory, Path backup) {
        this.dataDirectory = dataDirectory;
        this.backup = backup;
        logs = dataDirectory.logDirectory();
    }

    /**
     * Begins a repair: until it is closed no broker can start there.
     *
     * @param backup where what is cut off goes; must be absent
     * @throws BrokerStartException if a broker runs there
     */
    public static LogRepair begin(Path dataDirectory, Path backup) {
        return new LogRepair(DataDirectory.open(dataDirectory), backup);
    }

    /**
     * What would have to be done.
     *
     * @throws BrokerStartException if a damage cannot be repaired by cutting
     */
    public List<Cut> plan(List<LogDamage> damages) throws IOException {
        List<Cut> cuts = new ArrayList<>();
        for (LogDamage damage : damages) {
            if (damage.partition().startsWith(METADATA)) {
                throw new BrokerStartException(
                        "%s. This log says which topics there are: it cannot be cut. Restore the directory from a copy, or import an export of the log into a new one."
                                .formatted(damage));
            }
            cuts.add(plan(damage));
        }
        return cuts;
    }

    private Cut plan(LogDamage damage) throws IOException {
        Path directory = logs.resolve(damage.partition());
        if (!Files.isDirectory(directory)) {
            return new Cut(damage, null, 0, 0);
        }
        Cut cut = new Cut(damage, null, 0, 0);
        Set<Long> open = new HashSet<>();
        for (Path segment : LogCheck.segments(directory)) {
            if (segment.compareTo(damage.file()) > 0) {
                break;
            }
            SegmentScan scan = SegmentScan.of(segment, LogCheck.baseOffset(segment), open);
            if (cut.segment() == null || scan.wholePosition() > 0) {
                cut = new Cut(damage, segment, scan.wholePosition(), scan.wholeOffset());
            }
            open = scan.openTransactions();
        }
        return cut;
    }

    /** The values of the records that a cut takes away, as far as they can be read. */
    public List<byte[]> lostValues(Cut cut) throws IOException {
        List<byte[]> values = new ArrayList<>();
        Path directory = logs.resolve(cut.damage().partition());
        if (Files.isDirectory(directory)) {
            for (Path segment : LogCheck.segments(directory)) {
                if (cut.segment() == null || segment.compareTo(cut.segment()) >= 0) {
                    values.addAll(SegmentScan.valuesFrom(segment, segment.equals(cut.segment()) ? cut.bytes() : 0));
                }
            }
        }
        return values;
    }

    /** The values of all records in the logs whose names begin so, as far as they can be read, one segment after the other. */
    public void forEachValue(String prefix, Consumer<byte[]> each) throws IOException {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(logs, prefix + "*")) {
            for (Path directory : directories) {
                for (Path segment : LogCheck.segments(directory)) {
                    SegmentScan.valuesFrom(segment, 0).forEach(each);
                }
            }
        }
    }

    /** Does it. */
    public void run(List<Cut> cuts) throws IOException {
        Files.createDirectories(backup);
        for (Cut cut : cuts) {
            Path directory = logs.resolve(cut.damage().partition());
            if (Files.isDirectory(directory)) {
                cut(cut, directory);
            } else if (Files.exists(cut.damage().file())) {
                // A checkpoint file: Kafka makes it anew.
                Files.move(cut.damage().file(), backup.resolve(cut.damage().partition()));
            }
        }
        cap(cuts);
        // Kafka shall look at the ends, and build indexes and checkpoints anew.
        Files.deleteIfExists(logs.resolve(".kafka_cleanshutdown"));
    }

    private void cut(Cut cut, Path directory) throws IOException {
        Path kept = Files.createDirectories(backup.resolve(cut.damage().partition()));
        for (Path segment : LogCheck.segments(directory)) {
            boolean stays = cut.segment() != null && segment.compareTo(cut.segment()) < 0;
            if (stays) {
                continue;
            }
            Path copy = kept.resolve(segment.getFileName());
            if (!Files.exists(copy)) { // A log that was cut before it is emptied is there already, whole.
                Files.copy(segment, copy);
            }
            if (segment.equals(cut.segment())) { // Even to nothing: its name says at which offset the log goes on.
                try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                    file.truncate(cut.bytes());
                    file.force(true);
                }
            } else {
                Files.delete(segment);
            }
        }
        removeDerived(directory, cut.segment() == null ? 0 : LogCheck.baseOffset(cut.segment()));
    }

    /** Moves all of a log away: what was in it can be made anew. */
    public void empty(String partition) throws IOException {
        Path directory = logs.resolve(partition);
        if (Files.isDirectory(directory)) {
            cut(new Cut(new LogDamage(partition, directory, 0, 0, 0, ""), null, 0, 0), directory);
            cap(List.of(new Cut(new LogDamage(partition, directory, 0, 0, 0, ""), null, 0, 0)));
        }
    }

    /** Indexes and snapshots of producers from there on; Kafka makes them anew. */
    private static void removeDerived(Path directory, long fromOffset) throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory, "*.{index,timeindex,txnindex,snapshot}")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (Long.parseLong(name.substring(0, name.indexOf('.'))) >= fromOffset) {
                    Files.delete(file);
                }
            }
        }
    }

    /** What Kafka has noted of these logs must not lie behind their ends. */
    private void cap(List<Cut> cuts) throws IOException {
        for (String name : CHECKPOINTS) {
            Path file = logs.resolve(name);
            Map<String, Long> offsets = new TreeMap<>(CheckpointFile.read(file));
            for (Cut cut : cuts) {
                offsets.computeIfPresent(cut.damage().partition(), (partition, was) -> Math.min(was, cut.end()));
                if (!Files.isDirectory(logs.resolve(cut.damage().partition()))) {
                    offsets.remove(cut.damage().partition());
                }
            }
            Path written = file.resolveSibling(name + ".new");
            CheckpointFile.write(written, offsets);
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void close() {
        dataDirectory.close();
    }
}
