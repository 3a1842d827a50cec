package io.gpuctl.cli.kafka;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.kafka.KafkaConnection;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Iterates over the committed records of one partition from one offset to another; reads them on demand. */
public final class PartitionReader
        implements Iterator<ConsumerRecord<byte @Nullable [], byte @Nullable []>>, AutoCloseable {
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

    private final TopicPartition partition;
    private final long end;
    private final Progress progress;
    /** The consumer; null if there is nothing to read: most partitions of a small cluster are empty. */
    private final @Nullable Consumer<byte @Nullable [], byte @Nullable []> consumer;

    private Iterator<ConsumerRecord<byte @Nullable [], byte @Nullable []>> batch =
            List.<ConsumerRecord<byte @Nullable [], byte @Nullable []>>of().iterator();
    private @Nullable ConsumerRecord<byte @Nullable [], byte @Nullable []> next;

    /** {@code begin} is the first offset to read; {@code end} is exclusive. */
    public PartitionReader(KafkaConnection kafka, TopicPartition partition, long begin, long end, Progress progress) {
        this.partition = partition;
        this.end = end;
        this.progress = progress;
        consumer = begin < end ? consumer(kafka, partition, begin) : null;
    }

    private static Consumer<byte @Nullable [], byte @Nullable []> consumer(
            KafkaConnection kafka, TopicPartition partition, long begin) {
        // No offset reset: the reader must fail, instead of silently skipping records that were deleted meanwhile.
        var consumer = consumer(kafka, "none");
        consumer.assign(List.of(partition));
        consumer.seek(partition, begin);
        return consumer;
    }

    /** {@code offsetReset}: what to do if the offset to read from does not exist. */
    static Consumer<byte @Nullable [], byte @Nullable []> consumer(KafkaConnection kafka, String offsetReset) {
        return new KafkaConsumer<byte @Nullable [], byte @Nullable []>(
                kafka.with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        offsetReset,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        2_000,
                        // At the end of a partition, no records arrive, but only the position after the last marker.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        4 << 20,
                        ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                        "")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = read();
        }
        return next != null;
    }

    @Override
    public ConsumerRecord<byte @Nullable [], byte @Nullable []> next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        ConsumerRecord<byte @Nullable [], byte @Nullable []> record = next;
        next = null;
        progress.advance();
        return record;
    }

    private @Nullable ConsumerRecord<byte @Nullable [], byte @Nullable []> read() {
        if (consumer == null) {
            return null;
        }
        try {
            fill(consumer);
        } catch (OffsetOutOfRangeException e) {
            throw new CommandFailedException(
                    "%s: records reached their retention and were deleted while they were read. Try again."
                            .formatted(partition),
                    e);
        } catch (KafkaException e) {
            throw new CommandFailedException("%s cannot be read: %s".formatted(partition, e.getMessage()), e);
        }
        if (!batch.hasNext()) {
            return null;
        }
        ConsumerRecord<byte @Nullable [], byte @Nullable []> record = batch.next();
        return record.offset() < end ? record : null;
    }

    /** Compares positions, since transaction markers have offsets but are not records. */
    private void fill(Consumer<byte @Nullable [], byte @Nullable []> from) {
        Stall stall = new Stall();
        long position = -1;
        while (!batch.hasNext()) {
            long now = from.position(partition);
            if (now >= end) {
                return;
            }
            if (now > position) {
                position = now;
                stall.over();
            }
            stall.check(partition);
            batch = from.poll(POLL_TIMEOUT).records(partition).iterator();
        }
    }

    @Override
    public void close() {
        if (consumer != null) {
            // Close at once: outstanding answers of the broker are not needed.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
