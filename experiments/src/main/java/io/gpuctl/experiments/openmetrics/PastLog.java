package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeTelemetry;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Merges the facts and the telemetry of several partitions by cluster time. Records of a partition keep their order,
 * whatever their times are. At the same time, facts come first, then the lower partition.
 */
public final class PastLog {
    private final PriorityQueue<Partition<?>> partitions = new PriorityQueue<>(
            Comparator.<Partition<?>>comparingLong(partition -> partition.atMs).thenComparingInt(Partition::rank));

    private int ranks;

    private static final class Partition<V> {
        private final int rank;
        private final Iterator<V> records;
        private final ToLongFunction<V> time;
        private final Consumer<V> target;
        private V next;
        private long atMs;

        /** Requires at least one record. */
        Partition(int rank, Iterator<V> records, ToLongFunction<V> time, Consumer<V> target) {
            this.rank = rank;
            this.records = records;
            this.time = time;
            this.target = target;
            next = records.next();
            atMs = time.applyAsLong(next);
        }

        int rank() {
            return rank;
        }

        /** Passes on the next record. Returns whether there is another. */
        boolean handOver() {
            target.accept(next);
            if (!records.hasNext()) {
                return false;
            }
            next = records.next();
            atMs = time.applyAsLong(next);
            return true;
        }
    }

    private PastLog() {}

    /** Passes all records to the recorder. */
    public static void readAll(
            List<Iterator<Fact>> facts, List<Iterator<NodeTelemetry>> telemetry, PastRecorder recorder) {
        var log = new PastLog();
        facts.forEach(partition -> log.add(partition, Fact::atMs, recorder::accept));
        telemetry.forEach(partition -> log.add(partition, NodeTelemetry::atMs, recorder::accept));
        log.readAll();
    }

    private <V> void add(Iterator<V> records, ToLongFunction<V> time, Consumer<V> target) {
        if (records.hasNext()) {
            partitions.add(new Partition<>(ranks++, records, time, target));
        }
    }

    private void readAll() {
        for (Partition<?> first = partitions.poll(); first != null; first = partitions.poll()) {
            if (first.handOver()) {
                partitions.add(first);
            }
        }
    }
}
