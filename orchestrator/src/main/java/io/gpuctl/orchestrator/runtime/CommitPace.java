package io.gpuctl.orchestrator.runtime;

import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * Says when decisions are committed. No consumer sees a decision before, so this is most of its latency; but each
 * transaction costs the broker a dozen writes, whatever it contains.
 *
 * <p>Between two transactions there is a gap, in which inputs are decided: as long as decisions keep up, a short one.
 * If inputs wait, the gap grows with their age: otherwise an orchestrator on a busy machine, where a transaction takes
 * longer than the gap, would spend most of its time in commits, and fall further behind.
 *
 * <p>Kafka Streams creates its producers here, and so this class knows when a transaction has ended. Thread-safe.
 */
final class CommitPace extends DefaultKafkaClientSupplier {
    /** Limits the harm of a sender whose clock is behind: all its inputs seem old. */
    private static final long GAP_MAX_MS = 100;

    /** A decision may wait this part of the time that its input has waited already. */
    private static final long PART_OF_AGE = 4;

    private static final long MS = 1_000_000;

    private final LongSupplier nanoTime;
    private volatile long endedNanos;

    CommitPace() {
        this(System::nanoTime);
    }

    CommitPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        endedNanos = nanoTime.getAsLong() - GAP_MAX_MS * MS;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public void commitTransaction() {
                super.commitTransaction();
                ended();
            }
        };
    }

    /** Notes that a transaction has ended. */
    void ended() {
        endedNanos = nanoTime.getAsLong();
    }

    /** Returns whether a transaction has ended since this {@link System#nanoTime}. */
    boolean hasEndedSince(long nanos) {
        return endedNanos - nanos > 0;
    }

    /**
     * Returns how long a decision must wait for the next commit, in ms; 0 or less if it is due.
     *
     * @param ageMs the time from the sending of the newest input to its decision
     */
    long leftMs(long ageMs) {
        long gapMs = Math.clamp(ageMs / PART_OF_AGE, OrchestratorApp.COMMIT_GAP_MS, GAP_MAX_MS);
        return gapMs - (nanoTime.getAsLong() - endedNanos) / MS;
    }
}
