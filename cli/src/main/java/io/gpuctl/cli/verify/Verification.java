package io.gpuctl.cli.verify;

import io.gpuctl.audit.rules.Counts;
import io.gpuctl.audit.rules.Entry;
import io.gpuctl.audit.rules.Log;
import io.gpuctl.audit.rules.PartitionCheck;
import io.gpuctl.audit.rules.PartitionLogs;
import io.gpuctl.audit.rules.Place;
import io.gpuctl.audit.rules.Violations;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.PartitionReader;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.events.Fact;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
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
     * Verifies all records that are in the cluster now, one partition number of all topics after the other. Leaves out
     * records that are written meanwhile.
     *
     * @throws CommandFailedException if the broker does not answer, or is not one of a gpuctl cluster
     */
    static VerifyReport run(KafkaConnection kafka, Progress progress) {
        return new Verification(kafka, progress).run();
    }

    private VerifyReport run() {
        long startedNanos = System.nanoTime();
        try (TopicEnds topics = new TopicEnds(kafka)) {
            LogExtent extent = LogExtent.of(topics);
            progress.expect(extent.records());
            for (int partition = 0; partition < Topics.POOL_PARTITIONS; partition++) {
                PartitionExtent read = new PartitionExtent(partition, topics, extent, progress);
                // Read the dead letters last: by now they include all refused reports among the records read.
                check(partition, read, deadLetters(topics).refusedReports());
            }
            List<String> notes = new ArrayList<>(extent.notes());
            notes.addAll(times.notes());
            return new VerifyReport(
                    counts,
                    extent.telemetryRecords(),
                    deadLetters(topics).byCause(),
                    notes,
                    violations,
                    (System.nanoTime() - startedNanos) / 1e9);
        }
    }

    private DeadLetterCounts deadLetters(TopicEnds topics) {
        TopicPartition letters = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);
        long begin = topics.begins(List.of(letters)).getOrDefault(letters, 0L);
        long end = topics.settledEnds(List.of(letters)).getOrDefault(letters, 0L);
        DeadLetterCounts counted = new DeadLetterCounts();
        try (PartitionReader reader = new PartitionReader(kafka, letters, begin, end, progress)) {
            reader.forEachRemaining(counted::add);
        }
        return counted;
    }

    private void check(int partition, PartitionExtent extent, Set<Place> refused) {
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
                    extent.consumed(Topics.TASK_COMMANDS),
                    extent.consumed(Topics.TASK_REPORTS));
            new PartitionCheck(logs, refused, extent.state(), extent.views(), counts, violations).run();
        } finally {
            readers.forEach(PartitionReader::close);
        }
    }

    private <V> Log<V> log(Topic<V> topic, int partition, PartitionExtent extent, List<PartitionReader> readers) {
        PartitionReader reader = new PartitionReader(
                kafka, new TopicPartition(topic.name(), partition), extent.begin(topic), extent.end(topic), progress);
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
        return new Log<>(topic.name(), partition, extent.begin(topic), entries);
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
}
