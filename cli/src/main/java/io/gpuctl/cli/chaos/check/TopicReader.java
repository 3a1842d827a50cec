package io.gpuctl.cli.chaos.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads committed records of single partitions up to given offsets. */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_PERIOD = Duration.ofMillis(100);

    private final KafkaConsumer<byte @Nullable [], byte @Nullable []> committed;
    private final KafkaConsumer<byte @Nullable [], byte @Nullable []> uncommitted;

    /** {@code clientSettings}: {@code bootstrap.servers}, and the settings that a client needs to connect. */
    TopicReader(Map<String, Object> clientSettings) {
        committed = consumer(clientSettings, IsolationLevel.READ_COMMITTED);
        uncommitted = consumer(clientSettings, IsolationLevel.READ_UNCOMMITTED);
    }

    private static KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer(
            Map<String, Object> clientSettings, IsolationLevel isolation) {
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        return new KafkaConsumer<byte @Nullable [], byte @Nullable []>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Returns the partitions of a topic; throws {@link CheckFailedException} if it does not exist. */
    List<TopicPartition> partitions(String topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo partition : committed.partitionsFor(topic)) {
            partitions.add(new TopicPartition(topic, partition.partition()));
        }
        if (partitions.isEmpty()) {
            throw new CheckFailedException(
                    "Topic %s does not exist: no gpuctl cluster has run on this Kafka cluster".formatted(topic));
        }
        partitions.sort((a, b) -> Integer.compare(a.partition(), b.partition()));
        return partitions;
    }

    /**
     * Waits until every transaction that is open now is committed or aborted, and returns the ends up to which none is
     * open, markers included.
     */
    Map<TopicPartition, Long> settledEnds(List<TopicPartition> partitions) {
        Map<TopicPartition, Long> written = uncommitted.endOffsets(partitions);
        long givingUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Map<TopicPartition, Long> decided = committed.endOffsets(partitions);
            if (written.entrySet().stream().allMatch(end -> decided.getOrDefault(end.getKey(), 0L) >= end.getValue())) {
                return decided;
            }
            if (System.nanoTime() > givingUpAtNanos) {
                throw new CheckFailedException(
                        "A transaction stays open: committed up to %s, written up to %s".formatted(decided, written));
            }
            pause();
        }
    }

    /** Returns the ends up to which no transaction is open now. */
    Map<TopicPartition, Long> committedEnds(List<TopicPartition> partitions) {
        return committed.endOffsets(partitions);
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_PERIOD);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckFailedException("Interrupted");
        }
    }

    /**
     * Passes on every committed record before {@code end}, in order. Returns the oldest offset that the broker still
     * has.
     */
    long read(
            TopicPartition partition,
            long end,
            Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records) {
        committed.assign(List.of(partition));
        committed.seekToBeginning(List.of(partition));
        long begin = committed.position(partition);
        long givingUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        long position = begin;
        while (position < end) {
            for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record :
                    committed.poll(POLL).records(partition)) {
                if (record.offset() < end) {
                    records.accept(record);
                }
            }
            long next = committed.position(partition);
            if (next > position) {
                position = next;
                givingUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > givingUpAtNanos) {
                throw new CheckFailedException("%s: no data after offset %d".formatted(partition, position));
            }
        }
        return begin;
    }

    @Override
    public void close() {
        committed.close();
        uncommitted.close();
    }
}
