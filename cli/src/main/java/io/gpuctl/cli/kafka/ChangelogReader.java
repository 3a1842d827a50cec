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
 * The newest record of each key in partitions of compacted topics, read further and further.
 *
 * <p>The broker compacts such a topic while it is read: a record goes as soon as a newer one of its key is there. So what
 * was read up to an offset is the state of that offset only if that was the end of the topic when it was read: behind an
 * older end stand the records for whose sake others are missing. {@link CommitCut} sees to that.
 *
 * <p>In memory: as much as the newest values. For one thread.
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

    /** Reads on at least up to there, in each of its partitions. What is not of its partitions is ignored. */
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

    /** Transactions' markers are offsets without records: the position says when the end is reached. */
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

    /** The newest record of each key, unless that deletes it, by offset. */
    List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> newest(TopicPartition partition) {
        return newest.getOrDefault(partition, Map.of()).values().stream()
                .sorted(Comparator.comparingLong(ConsumerRecord::offset))
                .toList();
    }

    @Override
    public void close() {
        // At once: what the broker is still about to answer is of no interest.
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
