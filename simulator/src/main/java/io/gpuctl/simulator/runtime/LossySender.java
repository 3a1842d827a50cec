package io.gpuctl.simulator.runtime;

import io.gpuctl.events.WallTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends heartbeats and measurements, which are outdated in a second. Failed records are dropped and counted, since the
 * next second's record replaces them; the log warns once in ten seconds.
 */
final class LossySender {
    private static final Logger LOG = LoggerFactory.getLogger(LossySender.class);
    private static final long WARNING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Producer<byte @Nullable [], @Nullable Object> producer;
    private final WallTime wall;
    private final AtomicLong dropped = new AtomicLong();
    /**
     * The first warning is delayed: at every start, a record or two are dropped until the producer has found its
     * topics.
     */
    private final AtomicLong nextWarningNanos = new AtomicLong(System.nanoTime() + WARNING_NANOS);

    /** {@code wall}: clock of the record timestamps; Kafka refuses records of a machine that is an hour ahead. */
    LossySender(Producer<byte @Nullable [], @Nullable Object> producer, WallTime wall) {
        this.producer = producer;
        this.wall = wall;
    }

    /** Sends a record without blocking. */
    void send(ProducerRecord<byte @Nullable [], @Nullable Object> record) {
        var stamped = new ProducerRecord<byte @Nullable [], @Nullable Object>(
                record.topic(), null, wall.nowMs(), record.key(), record.value());
        var _ = producer.send(stamped, (_, failure) -> {
            if (failure != null) {
                drop(record.topic(), failure);
            }
        });
    }

    /** Called on Kafka's thread or on the sender's. */
    private void drop(String topic, Exception failure) {
        dropped.incrementAndGet();
        long nowNanos = System.nanoTime();
        long dueNanos = nextWarningNanos.get();
        if (nowNanos - dueNanos >= 0 && nextWarningNanos.compareAndSet(dueNanos, nowNanos + WARNING_NANOS)) {
            LOG.warn(
                    "Kafka did not accept heartbeats or telemetry: dropped {} records; the last was for {}: {}",
                    dropped.getAndSet(0),
                    topic,
                    String.valueOf(failure));
        }
    }

    /** Closes the producer, and waits at most this long for records in flight. */
    void close(Duration timeout) {
        producer.close(timeout);
    }
}
