package io.gpuctl.simulator.runtime;

import io.gpuctl.events.WallTime;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records that must arrive, in order, and keeps each until the broker has confirmed it.
 *
 * <p>For the simulation's thread only; Kafka's thread only adds outcomes. After a failure, nothing more is sent until
 * all records in flight have an outcome. Then the failed records are sent first, in order.
 *
 * <p>The outbox has no limit, since a report cannot be refused. {@link #isFull} asks the caller to take no more
 * commands. Without commands, each running attempt adds only a few more reports, as {@link RepeatedReports} limits
 * recurring ones.
 */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    /** About 5 MB of reports, which fit into the producer's buffer. */
    private static final int IN_FLIGHT_MAX = 20_000;

    private static final int FULL = 50_000;

    /** Kafka is behind if more records are unconfirmed: more than arrive at once in normal operation. */
    private static final int BEHIND = 10_000;

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Producer<byte @Nullable [], @Nullable Object> producer;
    private final WallTime wall;
    private final Deque<Letter> waiting = new ArrayDeque<>();
    private final PriorityQueue<Letter> failed = new PriorityQueue<>(Comparator.comparingLong(Letter::sequence));
    /** The outcomes to handle; at most {@link #IN_FLIGHT_MAX}. */
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    /** Set by Kafka's thread, so that no record overtakes a failed one before its outcome is read. */
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Records in flight, by sequence. */
    private final Map<Long, Letter> inFlight = new HashMap<>();

    private long sequence;
    private long pausedUntilNanos;
    private boolean paused;

    /** {@code wall}: clock of the record timestamps; Kafka refuses records of a machine that is an hour ahead. */
    Outbox(Producer<byte @Nullable [], @Nullable Object> producer, WallTime wall) {
        this.producer = producer;
        this.wall = wall;
    }

    /** @param whenConfirmed run by {@link #pump} */
    private record Letter(
            long sequence,
            ProducerRecord<byte @Nullable [], ? extends @Nullable Object> record,
            Runnable whenConfirmed) {}

    private record Outcome(Letter letter, @Nullable Exception failure) {}

    void add(ProducerRecord<byte @Nullable [], ? extends @Nullable Object> record, Runnable whenConfirmed) {
        waiting.addLast(new Letter(sequence++, record, whenConfirmed));
    }

    boolean isFull() {
        return waiting.size() + inFlight.size() + failed.size() > FULL;
    }

    /** Returns whether Kafka accepts records more slowly than they come. */
    boolean isBehind() {
        return paused || !failed.isEmpty() || waiting.size() + inFlight.size() > BEHIND;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && inFlight.isEmpty() && failed.isEmpty();
    }

    /** Returns the unconfirmed records, in the order in which they were added. */
    List<ProducerRecord<byte @Nullable [], ? extends @Nullable Object>> unconfirmed() {
        return Stream.of(inFlight.values(), failed, waiting)
                .flatMap(Collection::stream)
                .sorted(Comparator.comparingLong(Letter::sequence))
                .<ProducerRecord<byte @Nullable [], ? extends @Nullable Object>>map(Letter::record)
                .toList();
    }

    /**
     * Sends waiting records, and handles the outcomes of sent ones.
     *
     * @throws KafkaException if Kafka refuses a record permanently, so that retrying is useless
     */
    void pump(long nowNanos) {
        for (Outcome outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
            inFlight.remove(outcome.letter.sequence);
            book(outcome);
        }
        if (!failed.isEmpty()) {
            if (!inFlight.isEmpty()) {
                return;
            }
            putBackFailed();
            paused = true;
            pausedUntilNanos = nowNanos + RETRY_NANOS;
        }
        if (paused && nowNanos - pausedUntilNanos < 0) {
            return;
        }
        paused = false;
        while (!waiting.isEmpty() && inFlight.size() < IN_FLIGHT_MAX && !failing.get()) {
            send(waiting.removeFirst());
        }
    }

    private void book(Outcome outcome) {
        Letter letter = outcome.letter;
        switch (outcome.failure) {
            case null -> letter.whenConfirmed.run();
            case RetriableException _, OutOfOrderSequenceException _ -> failed.add(letter);
            case Exception e ->
                throw new KafkaException("Kafka rejected a record for " + letter.record.topic() + ": " + e, e);
        }
    }

    private void putBackFailed() {
        LOG.warn("Kafka did not accept {} records: sending them again", failed.size());
        Deque<Letter> inOrder = new ArrayDeque<>();
        while (!failed.isEmpty()) {
            inOrder.addLast(failed.remove());
        }
        while (!inOrder.isEmpty()) {
            waiting.addFirst(inOrder.removeLast());
        }
        failing.set(false);
    }

    private void send(Letter letter) {
        inFlight.put(letter.sequence, letter);
        var record = letter.record;
        var _ = producer.send(
                new ProducerRecord<>(
                        record.topic(), null, wall.nowMs(), record.key(), record.value(), record.headers()),
                (_, failure) -> {
                    outcomes.add(new Outcome(letter, failure));
                    if (failure != null) {
                        failing.set(true);
                    }
                });
    }
}
