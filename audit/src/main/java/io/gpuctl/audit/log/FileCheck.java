package io.gpuctl.audit.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Checks whether a file is as it was exported, and if not, what differs. */
final class FileCheck {
    private FileCheck() {}

    /** Returns what is wrong if the file is missing, or differs in any byte; empty if it is unchanged. */
    static Optional<EventLogException> change(Path directory, String topic, PartitionFile declared) {
        Path file = directory.resolve(declared.file());
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(new EventLogException(
                    file,
                    "is missing, but %s lists it with %,d records".formatted(LogManifest.FILE, declared.records())));
        }
        try {
            long bytes = Files.size(file);
            if (bytes != declared.bytes()) {
                return changed(
                        directory,
                        topic,
                        declared,
                        "has %,d bytes, but %s says %,d".formatted(bytes, LogManifest.FILE, declared.bytes()));
            }
            String sha256 = Sha256.of(file);
            if (!sha256.equals(declared.sha256())) {
                return changed(
                        directory,
                        topic,
                        declared,
                        "has the SHA-256 %s, but %s says %s".formatted(sha256, LogManifest.FILE, declared.sha256()));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(new EventLogException(file, "cannot be read: " + e, e));
        }
    }

    private static Optional<EventLogException> changed(
            Path directory, String topic, PartitionFile declared, String difference) {
        return Optional.of(new EventLogException(
                directory.resolve(declared.file()),
                "%s. %s".formatted(difference, firstWrongLine(directory, topic, declared))));
    }

    /** Reads the file to find where it is wrong. */
    private static String firstWrongLine(Path directory, String topic, PartitionFile declared) {
        try (PartitionRecords records = new PartitionRecords(directory, topic, declared)) {
            records.forEachRemaining(_ -> {});
            return "All its lines can be read: the file was changed after the export";
        } catch (EventLogException e) {
            return "First error: " + e.getMessage();
        }
    }
}
