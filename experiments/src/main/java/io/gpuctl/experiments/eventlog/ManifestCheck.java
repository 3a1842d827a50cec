package io.gpuctl.experiments.eventlog;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** What must be true of a manifest, whoever wrote it. */
final class ManifestCheck {
    private static final int SHA256_HEX_DIGITS = 64;

    private ManifestCheck() {}

    /** First of all: another version may have any fields. */
    static void requireVersion(Path file, JsonNode manifest) {
        JsonNode format = manifest.path("format");
        if (!format.asText().equals(LogManifest.FORMAT)) {
            throw new EventLogException(
                    file, "expected \"format\": \"%s\", but it is '%s'".formatted(LogManifest.FORMAT, format.asText()));
        }
        JsonNode version = manifest.path("format_version");
        if (version.asInt() != LogManifest.FORMAT_VERSION) {
            throw new EventLogException(
                    file,
                    "expected \"format_version\": %d, which is what this gpuctl reads, but it is '%s'"
                            .formatted(LogManifest.FORMAT_VERSION, version.asText()));
        }
    }

    static LogManifest checked(Path file, LogManifest manifest) {
        Set<String> names = new HashSet<>();
        for (TopicFiles topic : manifest.topics()) {
            if (!names.add(topic.name())) {
                throw new EventLogException(file, "topic %s is in it twice".formatted(topic.name()));
            }
            for (int index = 0; index < topic.partitions().size(); index++) {
                check(file, topic.name(), index, topic.partitions().get(index));
            }
        }
        return manifest;
    }

    private static void check(Path file, String topic, int index, PartitionFile partition) {
        String where = "topic %s, partition %d".formatted(topic, index);
        if (partition.partition() != index) {
            throw new EventLogException(
                    file,
                    "%s: expected \"partition\": %d, but it is %d".formatted(where, index, partition.partition()));
        }
        // Nothing else: a file elsewhere on the disk is not part of the log.
        String name = PartitionFile.name(topic, index);
        if (!name.equals(partition.file())) {
            throw new EventLogException(
                    file, "%s: expected \"file\": \"%s\", but it is \"%s\"".formatted(where, name, partition.file()));
        }
        if (partition.sha256() == null || partition.sha256().length() != SHA256_HEX_DIGITS) {
            throw new EventLogException(
                    file, "%s: expected \"sha256\" with %d hexadecimal digits".formatted(where, SHA256_HEX_DIGITS));
        }
        if (hasExtent(partition) != partition.records() > 0) {
            throw new EventLogException(
                    file, "%s: expected offsets and timestamps if and only if it has records".formatted(where));
        }
    }

    private static boolean hasExtent(PartitionFile partition) {
        return partition.firstOffset() != null
                && partition.lastOffset() != null
                && partition.firstTimestampMs() != null
                && partition.lastTimestampMs() != null;
    }
}
