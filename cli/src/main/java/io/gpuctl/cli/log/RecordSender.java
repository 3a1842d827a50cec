package io.gpuctl.cli.log;

import io.gpuctl.audit.log.LogPlace;
import io.gpuctl.audit.log.PlacedRecord;
import io.gpuctl.audit.log.RawHeader;
import io.gpuctl.audit.log.RawRecord;
import io.gpuctl.events.kafka.KafkaConnection;
import java.io.Serial;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records unchanged, in the order of the calls within each partition. The producer's memory (32 MiB) limits
 * unconfirmed records: when it is full, a call waits.
 */
final class RecordSender implements AutoCloseable {

    private static final int REQUEST_BYTES_MAX = 64 << 20;

    private final Producer<byte @Nullable [], byte @Nullable []> producer;
    private final AtomicReference<@Nullable RefusedException> failure = new AtomicReference<>();
    private final LongAdder written = new LongAdder();
    private final LongAdder moved = new LongAdder();
    private final LongAdder restamped = new LongAdder();

    /** Thrown when Kafka refuses a record. */
    static final class RefusedException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        RefusedException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    RecordSender(KafkaConnection kafka) {
        producer = new KafkaProducer<byte @Nullable [], byte @Nullable []>(
                kafka.with(settings(Map.of())), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Returns the settings that all producers of this import need, and these additional ones. */
    static Map<String, Object> settings(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
        // The broker limits the compressed size, but the producer the uncompressed size, so the producer's limit is
        // raised.
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
        settings.put(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        return settings;
    }

    /** Sends a record; throws if this or an earlier record was refused. */
    void send(PlacedRecord record) {
        send(record, null);
    }

    /** Sends a record through the given producer, or through its own if none is given. */
    void send(PlacedRecord record, @Nullable Producer<byte @Nullable [], byte @Nullable []> through) {
        throwIfFailed();
        LogPlace place = record.place();
        RawRecord raw = record.raw();
        var copy = new ProducerRecord<byte @Nullable [], byte @Nullable []>(
                place.topic(), place.partition(), raw.timestampMs(), raw.key(), raw.value());
        for (RawHeader header : raw.headers()) {
            copy.headers().add(header.name(), header.value());
        }
        try {
            var _ = (through == null ? producer : through)
                    .send(copy, (metadata, refusal) -> confirm(place, raw.timestampMs(), metadata, refusal));
        } catch (KafkaException e) {
            throw refused(place, e);
        }
    }

    private void confirm(
            LogPlace place, long timestampMs, @Nullable RecordMetadata metadata, @Nullable Exception refusal) {
        if (refusal != null || metadata == null) {
            failure.compareAndSet(null, refused(place, refusal));
            return;
        }
        written.increment();
        if (metadata.offset() != place.offset()) {
            moved.increment();
        }
        if (metadata.timestamp() != timestampMs) {
            restamped.increment();
        }
    }

    private static RefusedException refused(LogPlace place, @Nullable Exception refusal) {
        String reason = refusal == null ? "no reason given" : String.valueOf(refusal.getMessage());
        return new RefusedException(
                "%s: Kafka refused this record: %s".formatted(place, reason),
                refusal == null ? new IllegalStateException(reason) : refusal);
    }

    /** Waits until all records are confirmed; throws if one was refused. */
    void flush() {
        producer.flush();
        throwIfFailed();
    }

    private void throwIfFailed() {
        RefusedException refused = failure.get();
        if (refused != null) {
            throw refused;
        }
    }

    long written() {
        return written.sum();
    }

    /** Returns the number of records whose offset changed. */
    long moved() {
        return moved.sum();
    }

    /** Returns the number of records whose timestamp changed. */
    long restamped() {
        return restamped.sum();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
