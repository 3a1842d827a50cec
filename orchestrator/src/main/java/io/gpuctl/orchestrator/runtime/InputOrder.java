package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.WallTime;
import io.gpuctl.events.kafka.Topics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Determines the order in which the inputs of a partition are processed: of the first records of all topics, Kafka
 * Streams takes the one with the earliest time. That is the time of the record, so inputs that waited while no
 * orchestrator ran are decided in the order in which they were sent.
 *
 * <p>A client may send more to one topic than can be processed. Inputs that arrive in the other topics while this
 * orchestrator runs do not wait behind that backlog: they are processed next. So a cancellation, and the node's answer
 * to the stop, are decided within moments, even if another topic is flooded.
 *
 * <p>The sender sets the time of a record. A time ahead of the clock would delay the record, and a missing time would
 * end the application: both count as now. Thread-safe: the stream threads share it.
 */
final class InputOrder implements TimestampExtractor {
    /** An input waits for earlier inputs of other topics only while the inputs being processed are at most this old. */
    static final long BEHIND_MS = 2_000;

    private static final long NONE = Long.MIN_VALUE;

    private final WallTime wall;
    private final long sinceMs;
    /** The time of the last processed input, by partition. */
    private final AtomicLongArray takenMs = new AtomicLongArray(Topics.POOL_PARTITIONS);
    /**
     * The latest time of the inputs processed since the last call of {@link #isBehind}, by partition; {@link #NONE} if
     * there are none.
     */
    private final AtomicLongArray latestMs = new AtomicLongArray(Topics.POOL_PARTITIONS);

    /** The newest times, by topic and partition. */
    private final Map<String, Heads> heads = new ConcurrentHashMap<>();

    /**
     * The times of the last two records of a partition that Kafka Streams examined. Kafka Streams examines a record
     * when the record becomes the first one, which is when the record before it is about to be processed.
     */
    private static final class Heads {
        private long offset = NONE;
        private long atMs;
        private long offsetBefore = NONE;
        private long atMsBefore;

        synchronized void note(long newOffset, long newAtMs) {
            offsetBefore = offset;
            atMsBefore = atMs;
            offset = newOffset;
            atMs = newAtMs;
        }

        synchronized long sentMs(long ofOffset, long otherwise) {
            if (ofOffset == offset) {
                return atMs;
            }
            return ofOffset == offsetBefore ? atMsBefore : otherwise;
        }
    }

    InputOrder(WallTime wall) {
        this.wall = wall;
        sinceMs = wall.nowMs();
        for (int partition = 0; partition < takenMs.length(); partition++) {
            takenMs.set(partition, Long.MAX_VALUE);
            latestMs.set(partition, NONE);
        }
    }

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTimeMs) {
        long nowMs = wall.nowMs();
        long atMs = record.timestamp() < 0 ? nowMs : Math.min(record.timestamp(), nowMs);
        heads.computeIfAbsent(record.topic() + "-" + record.partition(), _ -> new Heads())
                .note(record.offset(), atMs);
        long takenAtMs = takenMs.get(record.partition());
        boolean isBehind = takenAtMs < nowMs - BEHIND_MS;
        return isBehind && atMs >= sinceMs ? Math.min(atMs, takenAtMs) : atMs;
    }

    /**
     * Returns when the record was sent, not after now. The result of {@link #extract} cannot be used: it only
     * determines the order, and after a silence one such record would delay all that follow.
     */
    long sentMs(String topic, int partition, long offset) {
        Heads ofTopic = heads.get(topic + "-" + partition);
        return ofTopic == null ? wall.nowMs() : ofTopic.sentMs(offset, wall.nowMs());
    }

    /** Notes an input that is processed, and when it was {@linkplain #sentMs sent}. Must be called for each input. */
    void taken(int partition, long atMs) {
        takenMs.set(partition, atMs);
        latestMs.accumulateAndGet(partition, atMs, Math::max);
    }

    /** Returns whether all inputs processed since the last call had waited; if so, newer messages of nodes wait too. */
    boolean isBehind(int partition) {
        long latest = latestMs.getAndSet(partition, NONE);
        return latest != NONE && latest < wall.nowMs() - BEHIND_MS;
    }
}
