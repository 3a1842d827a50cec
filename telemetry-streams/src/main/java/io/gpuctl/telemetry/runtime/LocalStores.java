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
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.internals.StateStoreProvider;
import org.jspecify.annotations.Nullable;

/**
 * Read access to the stores on this instance. Finding a store costs more than a read, so the stores are kept, until
 * partitions move and for {@link #SNAPSHOT_AGE_MAX_NANOS} at most.
 */
final class LocalStores {
    /** The other instances may come or go without a change on this one. */
    private static final long SNAPSHOT_AGE_MAX_NANOS = Duration.ofMillis(250).toNanos();

    private final KafkaStreams streams;
    private final Host self;
    private final ThreadFailures failures;
    private volatile @Nullable Snapshot snapshot;

    LocalStores(KafkaStreams streams, Host self, ThreadFailures failures) {
        this.streams = streams;
        this.self = self;
        this.failures = failures;
    }

    /**
     * What this instance knew at a moment.
     *
     * @param opened the stores that were read since, by name, each in the order of partitions
     */
    private record Snapshot(
            Ownership ownership, long takenAtNanos, Map<String, List<KeyValueStore<String, Object>>> opened) {}

    /** Drops all stores. Call this when partitions have moved or are about to. */
    void forget() {
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
        Snapshot now = snapshot();
        return local(store, now.ownership().poolPartitions(), now.opened());
    }

    /** Returns a store in each local partition of telemetry, in the order of partitions. */
    <V> List<ReadOnlyKeyValueStore<String, V>> ofTelemetry(String store) {
        Snapshot now = snapshot();
        return local(store, now.ownership().telemetryPartitions(), now.opened());
    }

    Ownership ownership() {
        return snapshot().ownership();
    }

    private Snapshot snapshot() {
        Snapshot last = snapshot;
        long nowNanos = System.nanoTime();
        if (last == null || nowNanos - last.takenAtNanos() > SNAPSHOT_AGE_MAX_NANOS) {
            last = new Snapshot(lookUp(), nowNanos, new ConcurrentHashMap<>());
            snapshot = last;
        }
        return last;
    }

    @SuppressWarnings("unchecked") // Each store's name stands for one type, see ViewStores.
    private <V> List<ReadOnlyKeyValueStore<String, V>> local(
            String store, Map<Integer, Host> owners, Map<String, List<KeyValueStore<String, Object>>> opened) {
        List<KeyValueStore<String, Object>> local = opened.computeIfAbsent(store, name -> open(name, owners));
        for (StateStore part : local) {
            // A closed store in memory would answer that it is empty.
            if (!part.isOpen()) {
                throw new InvalidStateStoreException("Store " + store + " is closed");
            }
        }
        return (List<ReadOnlyKeyValueStore<String, V>>) (List<?>) local;
    }

    private List<KeyValueStore<String, Object>> open(String store, Map<Integer, Host> owners) {
        List<KeyValueStore<String, Object>> local = new ArrayList<>(owners.size());
        owners.forEach((partition, owner) -> {
            if (owner.equals(self)) {
                local.add(streams.store(StoreQueryParameters.fromNameAndType(store, TheStoreItself.INSTANCE)
                        .withPartition(partition)));
            }
        });
        return List.copyOf(local);
    }

    /**
     * Finds the store of a partition. Kafka's own type returns a facade, which searches all tasks for the store at each
     * read; that costs as much as the read.
     */
    private static final class TheStoreItself implements QueryableStoreType<KeyValueStore<String, Object>> {
        static final TheStoreItself INSTANCE = new TheStoreItself();

        @Override
        public boolean accepts(StateStore store) {
            return store instanceof KeyValueStore;
        }

        @Override
        public KeyValueStore<String, Object> create(StateStoreProvider provider, String store) {
            return provider.stores(store, this).getFirst();
        }
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
