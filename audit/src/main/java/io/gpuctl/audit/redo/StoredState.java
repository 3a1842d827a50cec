package io.gpuctl.audit.redo;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.orchestrator.core.FinishedTask;
import io.gpuctl.orchestrator.core.NodeSnapshot;
import io.gpuctl.orchestrator.core.PoolHeader;
import io.gpuctl.orchestrator.core.StateEntries;
import io.gpuctl.orchestrator.core.StateEntries.Kind;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The stored state of the pools of a partition: the newest value of each key of the orchestrator's changelog.
 * {@link StateEntries} defines the keys.
 */
public final class StoredState {
    /** The kinds that remain, besides the header, when parts are merged into their owners. */
    private static final List<Kind> KINDS = List.of(Kind.NODE, Kind.TASK, Kind.FINISHED);

    private final SortedMap<String, byte[]> values;
    private final SortedMap<PoolId, PoolHeader> headers = new TreeMap<>();
    private final SortedMap<String, String> unreadable = new TreeMap<>();

    /** Creates the state from JSON values by key. */
    public StoredState(SortedMap<String, byte[]> values) {
        this.values = StateEntries.assembled(values, EventJson.mapper());
        this.values.forEach((key, value) -> {
            if (StateEntries.ownerOf(key) != null) {
                unreadable.put(key, key + " cannot be read, or the entry that it belongs to is missing");
            }
            if (StateEntries.kindOf(key) == Kind.HEADER) {
                readHeader(key, value);
            }
        });
    }

    private void readHeader(String key, byte[] value) {
        PoolHeader header = StoredValue.read(key, value, PoolHeader.class, problem -> unreadable.put(key, problem));
        if (header != null) {
            headers.put(header.pool(), header);
        }
    }

    /** Returns the stored header of each pool. */
    public SortedMap<PoolId, PoolHeader> headers() {
        return headers;
    }

    /** Returns what is wrong with entries that cannot be read, by key. */
    public SortedMap<String, String> unreadable() {
        return unreadable;
    }

    /**
     * Returns how the stored entries differ from the expected state, by key, as text for people; empty if nothing
     * differs.
     */
    public SortedMap<String, String> differences(
            PoolHeader header,
            Map<NodeId, NodeSnapshot> nodes,
            Map<TaskId, TaskRecord> tasks,
            Collection<FinishedTask> finished) {
        PoolId pool = header.pool();
        SortedMap<String, Object> expected = new TreeMap<>(entries(header, nodes, tasks, finished));
        SortedMap<String, String> differences = new TreeMap<>();
        compare(StateEntries.header(pool), Kind.HEADER, expected, differences);
        for (Kind kind : KINDS) {
            Set<String> keys = new TreeSet<>(ofKind(kind, pool, expected).keySet());
            keys.addAll(ofKind(kind, pool, values).keySet());
            keys.forEach(key -> compare(key, kind, expected, differences));
        }
        return differences;
    }

    private void compare(String key, Kind kind, Map<String, Object> expected, SortedMap<String, String> differences) {
        StoredValue.difference(key, values.get(key), expected.get(key), kind.type())
                .ifPresent(text -> differences.put(key, text));
    }

    private static <V> SortedMap<String, V> ofKind(Kind kind, PoolId pool, SortedMap<String, V> entries) {
        String prefix = kind.prefix(pool);
        return entries.subMap(prefix, prefix + Character.MAX_VALUE);
    }

    /** Returns what must be stored for a pool, by key. */
    public static Map<String, Object> entries(
            PoolHeader header,
            Map<NodeId, NodeSnapshot> nodes,
            Map<TaskId, TaskRecord> tasks,
            Collection<FinishedTask> finished) {
        PoolId pool = header.pool();
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put(StateEntries.header(pool), header);
        nodes.forEach((id, node) -> entries.put(StateEntries.node(pool, id), node));
        tasks.forEach((id, task) -> entries.put(StateEntries.task(pool, id), task));
        finished.forEach(task -> entries.put(StateEntries.finished(pool, task.taskId()), task));
        return entries;
    }
}
