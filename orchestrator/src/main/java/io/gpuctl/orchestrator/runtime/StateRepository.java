package io.gpuctl.orchestrator.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.orchestrator.core.FinishedTask;
import io.gpuctl.orchestrator.core.NodeSnapshot;
import io.gpuctl.orchestrator.core.PoolHeader;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.StateChange;
import io.gpuctl.orchestrator.core.StateEntries;
import io.gpuctl.orchestrator.core.StoredPart;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Stores the pools of a partition as the entries that {@link StateEntries} defines. */
final class StateRepository {
    private final KeyValueStore<String, byte[]> store;
    private final ObjectMapper json = EventJson.mapper();
    private final SortedMap<PoolId, PoolSettings> settings = new TreeMap<>();

    /** The number of stored parts of each gang, by the key of its task. */
    private final Map<String, Integer> parts = new HashMap<>();

    /** The keys of the stored holds of each node, by the key of the node. */
    private final Map<String, Set<String>> holds = new HashMap<>();

    StateRepository(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** The parts of one pool during loading. */
    private static final class Parts {
        @Nullable
        PoolHeader header;

        final List<NodeSnapshot> nodes = new ArrayList<>();
        final List<TaskRecord> tasks = new ArrayList<>();
        final List<FinishedTask> finished = new ArrayList<>();
    }

    /**
     * Returns all stored pools.
     *
     * @throws io.gpuctl.events.NewerLogError if a newer program has stored a state that this one cannot read
     */
    Collection<PoolState> load() {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                entries.put(entry.key, entry.value);
                remember(entry.key);
            }
        }
        SortedMap<String, Parts> pools = new TreeMap<>();
        SortedMap<String, byte[]> assembled = StateEntries.assembled(entries, json);
        // Read the headers first: they say whether this program can read the rest.
        assembled.forEach((key, value) -> {
            if (StateEntries.kindOf(key) == StateEntries.Kind.HEADER) {
                pools.computeIfAbsent(StateEntries.poolOf(key), _ -> new Parts()).header =
                        read(KeyValue.pair(key, value), PoolHeader.class);
            }
        });
        assembled.forEach((key, value) ->
                add(pools.computeIfAbsent(StateEntries.poolOf(key), _ -> new Parts()), KeyValue.pair(key, value)));
        List<PoolState> states = new ArrayList<>();
        pools.forEach((pool, read) -> {
            if (read.header == null) {
                throw new IllegalStateException("The stored state of pool %s has no header".formatted(pool));
            }
            states.add(PoolState.restore(read.header, read.nodes, read.tasks, read.finished));
        });
        return states;
    }

    /** Remembers the stored entries, so that a change writes only new ones and deletes the old ones. */
    private void remember(String key) {
        String owner = StateEntries.ownerOf(key);
        if (owner == null) {
            return;
        }
        if (StateEntries.kindOf(key) == StateEntries.Kind.HOLD) {
            holds.computeIfAbsent(owner, _ -> new HashSet<>()).add(key);
        } else {
            parts.merge(owner, 1, Integer::sum);
        }
    }

    private void add(Parts pool, KeyValue<String, byte[]> entry) {
        switch (StateEntries.kindOf(entry.key)) {
            case HEADER -> {} // Already read.
            case NODE -> pool.nodes.add(read(entry, NodeSnapshot.class));
            case TASK -> pool.tasks.add(read(entry, TaskRecord.class));
            case FINISHED -> pool.finished.add(read(entry, FinishedTask.class));
            case SETTINGS, HOLD, PART -> throw unexpected(entry); // A part without an owner.
            case null -> {
                if (!AttemptTokens.isKey(entry.key)) {
                    throw unexpected(entry);
                }
            }
        }
    }

    private static IllegalStateException unexpected(KeyValue<String, byte[]> entry) {
        return new IllegalStateException("The stored state has an unexpected entry " + entry.key);
    }

    void save(StateChange change) {
        PoolId pool = change.header().pool();
        save(change.header());
        change.nodes().forEach((id, node) -> save(pool, id, node));
        change.tasks()
                .forEach((id, task) ->
                        save(pool, id, task, change.members().getOrDefault(id, Collections.emptySortedSet())));
        change.finished().forEach((id, task) -> {
            String key = StateEntries.finished(pool, id);
            task.ifPresentOrElse(present -> put(key, present), () -> store.delete(key));
        });
    }

    /**
     * Saves the header, which is written with each decision. The settings may be large and rarely change, so they are a
     * separate entry.
     */
    private void save(PoolHeader header) {
        PoolId pool = header.pool();
        PoolSettings current = header.settings();
        put(
                StateEntries.header(pool),
                new PoolHeader(pool, header.sequence(), header.lastAtMs(), null, header.readerVersion()));
        if (current != null && !current.equals(settings.put(pool, current))) {
            put(StateEntries.settings(pool), current);
        }
    }

    private void save(PoolId pool, NodeId nodeId, NodeSnapshot node) {
        String nodeKey = StateEntries.node(pool, nodeId);
        put(nodeKey, node.withoutHolds());
        Set<String> gone = new HashSet<>(holds.getOrDefault(nodeKey, Set.of()));
        Set<String> held = new HashSet<>();
        for (NodeSnapshot.Hold hold : node.unreleased()) {
            String key = StateEntries.hold(pool, nodeId, hold.attempt());
            held.add(key);
            if (!gone.remove(key)) {
                put(key, hold);
            }
        }
        gone.forEach(store::delete);
        if (held.isEmpty()) {
            holds.remove(nodeKey);
        } else {
            holds.put(nodeKey, held);
        }
    }

    /** {@code members} are the indexes of the changed members, if nothing else of the task has changed. */
    private void save(PoolId pool, TaskId taskId, Optional<TaskRecord> task, Set<Integer> members) {
        String key = StateEntries.task(pool, taskId);
        int stored = parts.getOrDefault(key, 0);
        int needed = task.map(record -> record.members().size()).orElse(0);
        boolean isSplit = stored == needed && needed > 0;
        if (task.isPresent() && isSplit && !members.isEmpty()) {
            members.forEach(index -> putPart(pool, task.get(), index));
            return;
        }
        task.ifPresentOrElse(record -> put(key, record.withoutParts()), () -> store.delete(key));
        for (int index = 0; index < needed; index++) {
            putPart(pool, task.orElseThrow(), index);
        }
        for (int index = needed; index < stored; index++) {
            store.delete(StateEntries.part(pool, taskId, index));
        }
        if (needed == 0) {
            parts.remove(key);
        } else {
            parts.put(key, needed);
        }
    }

    private void putPart(PoolId pool, TaskRecord task, int index) {
        put(
                StateEntries.part(pool, task.id(), index),
                new StoredPart(task.allocations().get(index), task.members().get(index)));
    }

    private void put(String key, Object value) {
        store.put(key, write(value));
    }

    private <T> T read(KeyValue<String, byte[]> entry, Class<T> type) {
        try {
            return json.readValue(entry.value, type);
        } catch (IOException e) {
            throw new UncheckedIOException("The stored entry %s cannot be read".formatted(entry.key), e);
        }
    }

    private byte[] write(Object value) {
        try {
            return json.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("The state cannot be written", e);
        }
    }
}
