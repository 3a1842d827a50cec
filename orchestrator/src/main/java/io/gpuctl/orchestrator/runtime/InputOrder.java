package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.WallTime;
import io.gpuctl.events.kafka.Topics;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * In which order the inputs of a partition are taken: Kafka Streams takes, of the records that stand first in each topic,
 * the one with the earliest time. That is the time of the record, so what waited while no orchestrator ran is decided in
 * the order in which it happened.
 *
 * <p>Somebody may send more to one topic than can be processed. Then what came to the others while this orchestrator runs
 * does not wait behind that: it is taken next. So a cancellation is decided within moments, and the node's answer to the stop too,
 * whatever floods the other topics.
 *
 * <p>The time of a record is its sender's. One that lies ahead of the clock would wait, and one that is none would end the
 * application: they count as now. Thread-safe: the stream threads share it.
 */
final class InputOrder implements TimestampExtractor {
    /** An input waits for what was sent before it as long as that is at most so old when it is processed. */
    static final long BEHIND_MS = 2_000;

    private static final long NONE = Long.MIN_VALUE;

    private final WallTime wall;
    private final long sinceMs;
    /** By partition: the time of the input that was taken last. */
    private final AtomicLongArray takenMs = new AtomicLongArray(Topics.POOL_PARTITIONS);
    /** By partition: the latest time of those that were taken since {@link #isBehind} was asked; {@link #NONE} if there are none. */
    private final AtomicLongArray latestMs = new AtomicLongArray(Topics.POOL_PARTITIONS);

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
        long takenAtMs = takenMs.get(record.partition());
        boolean isBehind = takenAtMs < nowMs - BEHIND_MS;
        return isBehind && atMs >= sinceMs ? Math.min(atMs, takenAtMs) : atMs;
    }

    /** To be told of each input that is processed. */
    void taken(int partition, long atMs) {
        takenMs.set(partition, atMs);
        latestMs.accumulateAndGet(partition, atMs, Math::max);
    }

    /** Whether all that was taken since this was last asked had waited: what nodes have said since then waits too. */
    boolean isBehind(int partition) {
        long latest = latestMs.getAndSet(partition, NONE);
        return latest != NONE && latest < wall.nowMs() - BEHIND_MS;
    }
}
