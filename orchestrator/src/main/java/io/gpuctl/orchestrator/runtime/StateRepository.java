package io.gpuctl.orchestrator.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.orchestrator.core.FinishedTask;
import io.gpuctl.orchestrator.core.NodeSnapshot;
import io.gpuctl.orchestrator.core.PoolHeader;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.StateChange;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Stores the pools of a partition as JSON, an entry per part: {@code pool/pool}, {@code pool/node/id}, {@code
 * pool/task/id}, {@code pool/finished/id}.
 */
final class StateRepository {
    private static final String HEADER = "pool";
    private static final String NODE = "node";
    private static final String TASK = "task";
    private static final String FINISHED = "finished";

    private final KeyValueStore<String, byte[]> store;
    private final ObjectMapper json = EventJson.mapper();

    StateRepository(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** The parts of one pool while they are read. */
    private static final class Parts {
        @Nullable
        PoolHeader header;

        final List<NodeSnapshot> nodes = new ArrayList<>();
        final List<TaskRecord> tasks = new ArrayList<>();
        final List<FinishedTask> finished = new ArrayList<>();
    }

    /** All pools that are stored. */
    Collection<PoolState> load() {
        SortedMap<String, Parts> pools = new TreeMap<>();
        try (KeyValueIterator<String, byte[]> entries = store.all()) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                String[] key = entry.key.split("/", 3);
                add(pools.computeIfAbsent(key[0], pool -> new Parts()), key[1], entry);
            }
        }
        List<PoolState> states = new ArrayList<>();
        pools.forEach((pool, parts) -> {
            if (parts.header == null) {
                throw new IllegalStateException("The stored state of pool %s has no header".formatted(pool));
            }
            states.add(PoolState.restore(parts.header, parts.nodes, parts.tasks, parts.finished));
        });
        return states;
    }

    private void add(Parts parts, String kind, KeyValue<String, byte[]> entry) {
        switch (kind) {
            case HEADER -> parts.header = read(entry, PoolHeader.class);
            case NODE -> parts.nodes.add(read(entry, NodeSnapshot.class));
            case TASK -> parts.tasks.add(read(entry, TaskRecord.class));
            case FINISHED -> parts.finished.add(read(entry, FinishedTask.class));
            case AttemptTokens.KIND -> {} // No part of the state.
            default -> throw new IllegalStateException("The stored state has an entry " + entry.key);
        }
    }

    void save(StateChange change) {
        PoolId pool = change.header().pool();
        store.put(key(pool, HEADER, ""), write(change.header()));
        change.nodes().forEach((id, node) -> store.put(key(pool, NODE, id), write(node)));
        change.tasks().forEach((id, task) -> put(key(pool, TASK, id), task));
        change.finished().forEach((id, task) -> put(key(pool, FINISHED, id), task));
    }

    private void put(String key, Optional<?> value) {
        if (value.isPresent()) {
            store.put(key, write(value.get()));
        } else {
            store.delete(key);
        }
    }

    private static String key(PoolId pool, String kind, Object id) {
        String prefix = pool.value() + "/" + kind;
        return kind.equals(HEADER) ? prefix : prefix + "/" + id;
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
