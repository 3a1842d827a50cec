package io.gpuctl.cli.verify;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.PartitionReader;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.verify.rules.Counts;
import io.gpuctl.cli.verify.rules.Entry;
import io.gpuctl.cli.verify.rules.Log;
import io.gpuctl.cli.verify.rules.PartitionCheck;
import io.gpuctl.cli.verify.rules.PartitionLogs;
import io.gpuctl.cli.verify.rules.Place;
import io.gpuctl.cli.verify.rules.Stored;
import io.gpuctl.cli.verify.rules.StoredViews;
import io.gpuctl.cli.verify.rules.Violations;
import io.gpuctl.events.Fact;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads a cluster's topics and checks them. */
final class Verification {
    private static final int VIOLATIONS_SHOWN_MAX = 100;

    private final KafkaConnection kafka;
    private final Progress progress;
    private final Counts counts = new Counts();
    private final Violations violations = new Violations(VIOLATIONS_SHOWN_MAX);
    private final FactTimes times = new FactTimes();

    private Verification(KafkaConnection kafka, Progress progress) {
        this.kafka = kafka;
        this.progress = progress;
    }

    /**
     * Verifies all that is in the cluster now; what is written while it reads is left out.
     *
     * @throws CommandFailedException if the broker does not answer, or is not one of a gpuctl cluster
     */
    static VerifyReport run(KafkaConnection kafka, Progress progress) {
        return new Verification(kafka, progress).run();
    }

    private VerifyReport run() {
        long startedNanos = System.nanoTime();
        LogExtent extent = LogExtent.capture(kafka);
        progress.expect(extent.records());
        for (int partition = 0; partition < Topics.POOL_PARTITIONS; partition++) {
            check(partition, extent);
        }
        DeadLetterCounts deadLetters = new DeadLetterCounts();
        TopicPartition letters = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);
        try (PartitionReader reader = reader(letters, extent)) {
            reader.forEachRemaining(deadLetters::add);
        }
        List<String> notes = new ArrayList<>(extent.notes());
        notes.addAll(times.notes());
        return new VerifyReport(
                counts,
                extent.telemetryRecords(),
                deadLetters.byCause(),
                notes,
                violations,
                (System.nanoTime() - startedNanos) / 1e9);
    }

    private void check(int partition, LogExtent extent) {
        SortedMap<String, Stored> state =
                extent.hasStoredState() ? latest(LogExtent.STORED_STATE, partition, extent) : null;
        StoredViews views = extent.hasStoredViews() ? views(partition, extent) : null;
        List<PartitionReader> readers = new ArrayList<>();
        try {
            PartitionLogs logs = new PartitionLogs(
                    partition,
                    log(Topics.CLUSTER_EVENTS, partition, extent, readers),
                    log(Topics.TASK_COMMANDS, partition, extent, readers),
                    log(Topics.PLACEMENTS, partition, extent, readers),
                    log(Topics.TASK_REPORTS, partition, extent, readers),
                    log(Topics.NODE_EVENTS, partition, extent, readers),
                    log(Topics.NODE_CONDITIONS, partition, extent, readers),
                    extent.consumed(new TopicPartition(Topics.TASK_COMMANDS.name(), partition)),
                    extent.consumed(new TopicPartition(Topics.TASK_REPORTS.name(), partition)),
                    extent.settled(new TopicPartition(Topics.CLUSTER_EVENTS.name(), partition)),
                    extent.settled(new TopicPartition(Topics.PLACEMENTS.name(), partition)));
            new PartitionCheck(logs, state, views, counts, violations).run();
        } finally {
            readers.forEach(PartitionReader::close);
        }
    }

    private StoredViews views(int partition, LogExtent extent) {
        // The index lies in two stores, by the state that its keys are about.
        SortedMap<String, Stored> index = latest(LogExtent.VIEWED_INDEX, partition, extent);
        index.putAll(latest(LogExtent.VIEWED_ACTIVE_INDEX, partition, extent));
        return new StoredViews(
                latest(LogExtent.VIEWED_POOLS, partition, extent),
                latest(LogExtent.VIEWED_NODES, partition, extent),
                latest(LogExtent.VIEWED_HOLDS, partition, extent),
                latest(LogExtent.VIEWED_TASKS, partition, extent),
                latest(LogExtent.VIEWED_USERS, partition, extent),
                index);
    }

    private PartitionReader reader(TopicPartition partition, LogExtent extent) {
        return new PartitionReader(kafka, partition, extent.begin(partition), extent.end(partition), progress);
    }

    private <V> Log<V> log(Topic<V> topic, int partition, LogExtent extent, List<PartitionReader> readers) {
        TopicPartition of = new TopicPartition(topic.name(), partition);
        PartitionReader reader = reader(of, extent);
        readers.add(reader);
        Deserializer<V> deserializer = topic.deserializer();
        Iterator<Entry<V>> entries = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return reader.hasNext();
            }

            @Override
            public Entry<V> next() {
                return entry(reader.next(), deserializer);
            }
        };
        return new Log<>(topic.name(), partition, extent.begin(of), entries);
    }

    private <V> Entry<V> entry(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record, Deserializer<V> deserializer) {
        Place place = new Place(record.topic(), record.partition(), record.offset());
        byte @Nullable [] value = record.value();
        if (value == null) {
            return Entry.unreadable(place, "the value is null");
        }
        try {
            V read = deserializer.deserialize(record.topic(), value);
            if (read instanceof Fact fact) {
                times.add(fact, record.timestamp());
            }
            return Entry.of(place, read);
        } catch (SerializationException e) {
            return Entry.unreadable(place, String.valueOf(e.getMessage()));
        }
    }

    private SortedMap<String, Stored> latest(String changelog, int partition, LogExtent extent) {
        SortedMap<String, Stored> latest = new TreeMap<>();
        try (PartitionReader reader = reader(new TopicPartition(changelog, partition), extent)) {
            reader.forEachRemaining(record -> {
                byte @Nullable [] key = record.key();
                byte @Nullable [] value = record.value();
                if (key == null) {
                    return;
                }
                String name = new String(key, StandardCharsets.UTF_8);
                if (value == null) {
                    latest.remove(name);
                } else {
                    latest.put(name, new Stored(new Place(record.topic(), record.partition(), record.offset()), value));
                }
            });
        }
        return latest;
    }
}
