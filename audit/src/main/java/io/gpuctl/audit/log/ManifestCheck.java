package io.gpuctl.audit.log;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.units.PlainText;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks a manifest, whatever program wrote it. */
final class ManifestCheck {
    private static final int SHA256_HEX_DIGITS = 64;

    /** Kafka's own rule for topic names, which excludes paths out of the directory. */
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private ManifestCheck() {}

    /** Must be checked first: another version may have other fields. */
    static void requireVersion(Path file, JsonNode manifest) {
        JsonNode format = manifest.path("format");
        if (!format.asText().equals(LogManifest.FORMAT)) {
            throw new EventLogException(
                    file,
                    "expected \"format\": \"%s\", but it is '%s'"
                            .formatted(LogManifest.FORMAT, PlainText.quoted(format.asText())));
        }
        JsonNode version = manifest.path("format_version");
        if (version.asInt() != LogManifest.FORMAT_VERSION) {
            throw new EventLogException(
                    file,
                    "expected \"format_version\": %d, which is what this gpuctl reads, but it is '%s'"
                            .formatted(LogManifest.FORMAT_VERSION, PlainText.quoted(version.asText())));
        }
    }

    static LogManifest checked(Path file, LogManifest manifest) {
        Set<String> names = new HashSet<>();
        for (TopicFiles topic : manifest.topics()) {
            if (!TOPIC.matcher(topic.name()).matches()) {
                throw new EventLogException(
                        file,
                        "topic '%s': expected a topic's name: 1 to 249 letters, digits, dots, underscores or hyphens"
                                .formatted(PlainText.quoted(topic.name())));
            }
            if (!names.add(topic.name())) {
                throw new EventLogException(file, "topic %s appears twice".formatted(topic.name()));
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
        // No other name is allowed: a file elsewhere on the disk is not part of the log.
        String name = PartitionFile.name(topic, index);
        if (!name.equals(partition.file())) {
            throw new EventLogException(
                    file,
                    "%s: expected \"file\": \"%s\", but it is \"%s\""
                            .formatted(where, name, PlainText.quoted(partition.file())));
        }
        if (partition.sha256() == null || partition.sha256().length() != SHA256_HEX_DIGITS) {
            throw new EventLogException(
                    file, "%s: expected \"sha256\" with %d hexadecimal digits".formatted(where, SHA256_HEX_DIGITS));
        }
        if (hasExtent(partition) != partition.records() > 0) {
            throw new EventLogException(
                    file,
                    "%s: expected offsets and timestamps if and only if the partition has records".formatted(where));
        }
    }

    private static boolean hasExtent(PartitionFile partition) {
        return partition.firstOffset() != null
                && partition.lastOffset() != null
                && partition.firstTimestampMs() != null
                && partition.lastTimestampMs() != null;
    }
}
