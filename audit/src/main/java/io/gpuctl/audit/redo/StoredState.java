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
 * What an orchestrator has stored of the pools of a partition: the newest value of each key of its changelog. {@link
 * StateEntries} has the keys.
 */
public final class StoredState {
    /** Besides the header, the kinds that remain when parts are in what they belong to. */
    private static final List<Kind> KINDS = List.of(Kind.NODE, Kind.TASK, Kind.FINISHED);

    private final SortedMap<String, byte[]> values;
    private final SortedMap<PoolId, PoolHeader> headers = new TreeMap<>();
    private final SortedMap<String, String> unreadable = new TreeMap<>();

    /** JSON by key. */
    public StoredState(SortedMap<String, byte[]> values) {
        this.values = StateEntries.assembled(values, EventJson.mapper());
        this.values.forEach((key, value) -> {
            if (StateEntries.ownerOf(key) != null) {
                unreadable.put(key, key + " cannot be read, or what it is a part of is not there");
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

    /** What is stored of each pool besides nodes and tasks. */
    public SortedMap<PoolId, PoolHeader> headers() {
        return headers;
    }

    /** Headers that are none: what is wrong, by key. */
    public SortedMap<String, String> unreadable() {
        return unreadable;
    }

    /** What is stored otherwise than it must be, by key, for people; empty if nothing is. */
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

    /** What must be stored of a pool, by key. */
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
