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
 * Cuts the damaged logs of a stopped broker to the last offset before the damage at which no transaction is open.
 * Everything that is cut off is kept in a backup directory.
 */
public final class LogRepair implements AutoCloseable {
    private static final String METADATA = "__cluster_metadata-";
    private static final List<String> CHECKPOINTS =
            List.of("recovery-point-offset-checkpoint", "replication-offset-checkpoint");

    private final DataDirectory dataDirectory;
    private final Path logs;
    private final Path backup;

    /**
     * The repair of one log.
     *
     * @param damage the reason for the repair
     * @param segment the last segment that is kept; null if the log is emptied, or the damage is not in a log
     * @param bytes the length of that segment after the repair
     * @param end the offset at which the log ends after the repair
     */
    public record Cut(LogDamage damage, @Nullable Path segment, long bytes, long end) {}

    private LogRepair(DataDirectory dataDirectory, Path backup) {
        this.dataDirectory = dataDirectory;
        this.backup = backup;
        logs = dataDirectory.logDirectory();
    }

    /**
     * Begins a repair. No broker can start in the directory until the repair is closed.
     *
     * @param backup the directory for everything that is cut off; must not exist
     * @throws BrokerStartException if a broker runs in the directory
     */
    public static LogRepair begin(Path dataDirectory, Path backup) {
        return new LogRepair(DataDirectory.open(dataDirectory), backup);
    }

    /**
     * Returns the cuts that the damages require.
     *
     * @throws BrokerStartException if cutting cannot repair a damage
     */
    public List<Cut> plan(List<LogDamage> damages) throws IOException {
        List<Cut> cuts = new ArrayList<>();
        for (LogDamage damage : damages) {
            if (damage.partition().startsWith(METADATA)) {
                throw new BrokerStartException(
                        "%s. This log defines the topics and cannot be cut. Restore the directory from a copy, or import an export of the log into a new directory."
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

    /** Returns the values of the records that a cut removes, as far as they can be read. */
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

    /**
     * Passes on the values of all records in the logs with this prefix, as far as they can be read, one segment after
     * another.
     */
    public void forEachValue(String prefix, Consumer<byte[]> each) throws IOException {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(logs, prefix + "*")) {
            for (Path directory : directories) {
                for (Path segment : LogCheck.segments(directory)) {
                    SegmentScan.valuesFrom(segment, 0).forEach(each);
                }
            }
        }
    }

    /** Carries out the cuts. */
    public void run(List<Cut> cuts) throws IOException {
        Files.createDirectories(backup);
        for (Cut cut : cuts) {
            Path directory = logs.resolve(cut.damage().partition());
            if (Files.isDirectory(directory)) {
                cut(cut, directory);
            } else if (Files.exists(cut.damage().file())) {
                // A checkpoint file: Kafka creates it again.
                Files.move(cut.damage().file(), backup.resolve(cut.damage().partition()));
            }
        }
        cap(cuts);
        // Without this file, Kafka checks the ends of the logs and rebuilds indexes and checkpoints.
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
            if (!Files.exists(copy)) { // If the log was cut before, its whole copy is already there.
                Files.copy(segment, copy);
            }
            if (segment.equals(cut.segment())) { // Even to length 0: its name says at which offset the log continues.
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

    /** Moves a whole log away: its contents can be rebuilt. */
    public void empty(String partition) throws IOException {
        Path directory = logs.resolve(partition);
        if (Files.isDirectory(directory)) {
            cut(new Cut(new LogDamage(partition, directory, 0, 0, 0, ""), null, 0, 0), directory);
            cap(List.of(new Cut(new LogDamage(partition, directory, 0, 0, 0, ""), null, 0, 0)));
        }
    }

    /** Deletes indexes and producer snapshots from this offset on; Kafka rebuilds them. */
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

    /** Limits Kafka's checkpoints of these logs to the new ends. */
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
