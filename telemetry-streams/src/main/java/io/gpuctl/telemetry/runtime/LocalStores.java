package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.kafka.Topics;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Read access to the stores on this instance. Opening a store costs more than a read, so handles are kept until
 * partitions move.
 */
final class LocalStores {
    /** The maximum age of the list of the other instances, which may come or go without a change on this one. */
    private static final long OWNERSHIP_AGE_MAX_NANOS = Duration.ofMillis(250).toNanos();

    private final KafkaStreams streams;
    private final Host self;
    private final ThreadFailures failures;
    private final Map<Handle, ReadOnlyKeyValueStore<String, ?>> handles = new ConcurrentHashMap<>();
    private volatile @Nullable Snapshot snapshot;

    LocalStores(KafkaStreams streams, Host self, ThreadFailures failures) {
        this.streams = streams;
        this.self = self;
        this.failures = failures;
    }

    private record Handle(String store, int partition) {}

    private record Snapshot(Ownership ownership, long takenAtNanos) {}

    /** Drops all handles. Call this when partitions have moved or are about to. */
    void forget() {
        handles.clear();
        snapshot = null;
    }

    /** Runs a query. Throws {@link ViewsNotReadyException} if its stores are not here, or move while it reads. */
    <R> R read(Function<LocalStores, R> query) {
        if (streams.state() != KafkaStreams.State.RUNNING) {
            throw new ViewsNotReadyException("The views are " + streams.state());
        }
        try {
            return query.apply(this);
        } catch (InvalidStateStoreException e) {
            forget();
            throw new ViewsNotReadyException("The views are moving between instances: " + e.getMessage(), e);
        } catch (ProcessorStateException e) {
            failures.noteDamagedStore(e);
            throw new ViewsNotReadyException("The views' stores are damaged, and are being rebuilt", e);
        }
    }

    /** Returns a store in each local partition of pools, in the order of partitions. */
    <V> List<ReadOnlyKeyValueStore<String, V>> ofPools(String store) {
        return local(store, ownership().poolPartitions());
    }

    /** Returns a store in each local partition of telemetry, in the order of partitions. */
    <V> List<ReadOnlyKeyValueStore<String, V>> ofTelemetry(String store) {
        return local(store, ownership().telemetryPartitions());
    }

    Ownership ownership() {
        Snapshot last = snapshot;
        long nowNanos = System.nanoTime();
        if (last == null || nowNanos - last.takenAtNanos() > OWNERSHIP_AGE_MAX_NANOS) {
            last = new Snapshot(lookUp(), nowNanos);
            snapshot = last;
        }
        return last.ownership();
    }

    private <V> List<ReadOnlyKeyValueStore<String, V>> local(String store, Map<Integer, Host> owners) {
        List<ReadOnlyKeyValueStore<String, V>> local = new ArrayList<>(owners.size());
        owners.forEach((partition, owner) -> {
            if (owner.equals(self)) {
                local.add(handle(store, partition));
            }
        });
        return local;
    }

    @SuppressWarnings("unchecked") // Each store's name stands for one type, see ViewStores.
    private <V> ReadOnlyKeyValueStore<String, V> handle(String store, int partition) {
        return (ReadOnlyKeyValueStore<String, V>) handles.computeIfAbsent(new Handle(store, partition), this::open);
    }

    private ReadOnlyKeyValueStore<String, ?> open(Handle handle) {
        return streams.store(StoreQueryParameters.fromNameAndType(
                        handle.store(), QueryableStoreTypes.<String, Object>keyValueStore())
                .withPartition(handle.partition()));
    }

    private Ownership lookUp() {
        Map<Integer, Host> pools = new TreeMap<>();
        Map<Integer, Host> telemetry = new TreeMap<>();
        for (StreamsMetadata instance : streams.metadataForAllStreamsClients()) {
            Host host = new Host(instance.host(), instance.port());
            for (TopicPartition partition : instance.topicPartitions()) {
                if (partition.topic().equals(Topics.CLUSTER_EVENTS.name())) {
                    pools.put(partition.partition(), host);
                } else if (partition.topic().equals(Topics.GPU_TELEMETRY.name())) {
                    telemetry.put(partition.partition(), host);
                }
            }
        }
        return new Ownership(self, pools, telemetry);
    }
}
