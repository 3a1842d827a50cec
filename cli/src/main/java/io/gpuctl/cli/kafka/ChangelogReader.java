package io.gpuctl.cli.kafka;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest record of each key in partitions of compacted topics, in several steps.
 *
 * <p>The broker compacts a topic while it is read: a record disappears as soon as a newer one with the same key exists.
 * So the records up to an offset are the state at that offset only if it was the end of the topic at the time of
 * reading. Otherwise, newer records behind it may have removed some of them. {@link CommitCut} ensures this.
 *
 * <p>Memory use: the newest values. For one thread.
 */
final class ChangelogReader implements AutoCloseable {
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final Consumer<byte @Nullable [], byte @Nullable []> consumer;
    private final Map<TopicPartition, Map<ByteBuffer, ConsumerRecord<byte @Nullable [], byte @Nullable []>>> newest =
            new LinkedHashMap<>();
    private final Progress progress;

    ChangelogReader(KafkaConnection kafka, Collection<TopicPartition> partitions, Progress progress) {
        this.progress = progress;
        consumer = PartitionReader.consumer(kafka, "earliest");
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        partitions.forEach(partition -> newest.put(partition, new LinkedHashMap<>()));
    }

    /** Reads at least up to these ends in each partition of this reader. Ignores other partitions. */
    void readTo(Map<TopicPartition, Long> ends) {
        try {
            Stall stall = new Stall();
            while (isBehind(ends)) {
                for (var record : consumer.poll(POLL_TIMEOUT)) {
                    keep(record);
                    progress.advance();
                    stall.over();
                }
                stall.check(newest.keySet());
            }
        } catch (KafkaException e) {
            throw new CommandFailedException("%s cannot be read: %s".formatted(newest.keySet(), e.getMessage()), e);
        }
    }

    /** Compares positions, since transaction markers have offsets but are not records. */
    private boolean isBehind(Map<TopicPartition, Long> ends) {
        return newest.keySet().stream()
                .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L));
    }

    private void keep(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        byte @Nullable [] key = record.key();
        var ofPartition = newest.get(new TopicPartition(record.topic(), record.partition()));
        if (key == null || ofPartition == null) {
            return;
        }
        if (record.value() == null) {
            ofPartition.remove(ByteBuffer.wrap(key));
        } else {
            ofPartition.put(ByteBuffer.wrap(key), record);
        }
    }

    /** Returns the newest record of each key in the order of offsets, without deleted keys. */
    List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> newest(TopicPartition partition) {
        return newest.getOrDefault(partition, Map.of()).values().stream()
                .sorted(Comparator.comparingLong(ConsumerRecord::offset))
                .toList();
    }

    @Override
    public void close() {
        // Close at once: outstanding answers of the broker are not needed.
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
