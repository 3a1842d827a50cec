package io.gpuctl.audit.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import io.gpuctl.events.Fact;
import io.gpuctl.events.input.UntrustedJson;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.kafka.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads an exported event log. Each method that returns records opens files, and may be called any number of times; the
 * caller must close the result.
 */
public final class EventLogReader {
    private final Path directory;
    private final LogManifest manifest;

    private final boolean isAsItIs;

    private EventLogReader(Path directory, LogManifest manifest, boolean isAsItIs) {
        this.directory = directory;
        this.manifest = manifest;
        this.isAsItIs = isAsItIs;
    }

    /**
     * Opens a log, and reads all its files once to compare their checksums.
     *
     * @throws EventLogException if the manifest or a file is missing, or differs from the export
     */
    public static EventLogReader open(Path directory) {
        EventLogReader reader = new EventLogReader(directory, LogManifest.read(directory), false);
        List<EventLogException> changes = reader.changes(1);
        if (!changes.isEmpty()) {
            throw changes.getFirst();
        }
        return reader;
    }

    /**
     * Opens a log that may differ from the export, to find the differences. The reader may return lines that are
     * changed or out of order, and lines may be missing.
     *
     * @throws EventLogException if the manifest is missing or not valid
     */
    public static EventLogReader openAsItIs(Path directory) {
        return new EventLogReader(directory, LogManifest.read(directory), true);
    }

    /** Returns the files that differ from the export, each with its first wrong line. Reads all files. */
    public List<EventLogException> changes() {
        return changes(Integer.MAX_VALUE);
    }

    private List<EventLogException> changes(int max) {
        List<EventLogException> changes = new ArrayList<>();
        for (TopicFiles topic : manifest.topics()) {
            for (PartitionFile partition : topic.partitions()) {
                if (changes.size() < max) {
                    FileCheck.change(directory, topic.name(), partition).ifPresent(changes::add);
                }
            }
        }
        return changes;
    }

    public LogManifest manifest() {
        return manifest;
    }

    /**
     * Returns the partitions of a topic, by number.
     *
     * @throws EventLogException if the log has no such topic
     */
    public List<PartitionFile> partitions(String topic) {
        return manifest.topic(topic)
                .orElseThrow(() -> new EventLogException(
                        directory,
                        "holds no topic %s, but %s".formatted(topic, String.join(", ", manifest.topicNames()))))
                .partitions();
    }

    /**
     * Returns the facts of a partition in their order.
     *
     * @throws EventLogException if the log has no such partition; during reading, for a line that is not a record
     */
    public Stream<LogRecord<Fact>> facts(int partition) {
        return records(Topics.CLUSTER_EVENTS.name(), partition, Fact.class);
    }

    /**
     * Returns the records of a partition in their order, with deserialized values.
     *
     * @param type the type of the topic's values
     * @throws EventLogException if the log has no such partition; during reading, for a line that is not a record
     */
    public <V> Stream<LogRecord<V>> records(String topic, int partition, Class<V> type) {
        ObjectReader reader = EventJson.mapper().readerFor(type);
        PartitionRecords records = raw(topic, partition);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(records, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(records::close)
                .map(record -> EventLogReader.<V>typed(record, reader, type));
    }

    private static <V> LogRecord<V> typed(PlacedRecord record, ObjectReader reader, Class<V> type) {
        byte[] bytes = record.raw().value();
        try {
            V value = bytes == null ? null : reader.readValue(bytes);
            return value == null
                    ? LogRecord.unreadable(record, expected(type, "the value is null"))
                    : LogRecord.readable(record, value);
        } catch (JsonProcessingException e) {
            return LogRecord.unreadable(record, expected(type, UntrustedJson.problem(e)));
        } catch (IOException e) {
            return LogRecord.unreadable(record, expected(type, e.toString()));
        }
    }

    private static String expected(Class<?> type, String problem) {
        return "expected a %s: %s".formatted(type.getSimpleName(), problem);
    }

    /** Returns the records of a partition in their order, byte for byte. */
    public PartitionRecords raw(String topic, int partition) {
        List<PartitionFile> partitions = partitions(topic);
        if (partition < 0 || partition >= partitions.size()) {
            throw new EventLogException(
                    directory,
                    "holds no partition %d of %s, but 0 to %d".formatted(partition, topic, partitions.size() - 1));
        }
        return new PartitionRecords(directory, topic, partitions.get(partition), isAsItIs);
    }

    /** Returns the records of these topics, merged by timestamp, byte for byte. */
    public MergedRecords inTimeOrder(List<TopicFiles> topics) {
        return new MergedRecords(directory, topics);
    }
}
