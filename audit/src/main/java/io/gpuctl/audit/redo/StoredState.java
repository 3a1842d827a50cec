package io.gpuctl.audit.redo;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.orchestrator.core.FinishedTask;
import io.gpuctl.orchestrator.core.NodeSnapshot;
import io.gpuctl.orchestrator.core.PoolHeader;
import io.gpuctl.orchestrator.core.StateEntries;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an orchestrator has stored of the pools of a partition: the newest value of each key of its changelog. The keys are
 * {@code pool/pool}, {@code pool/node/id}, {@code pool/task/id} and {@code pool/finished/id}.
 */
public final class StoredState {
    private static final String HEADER = "/pool";
    private static final String NODE = "/node/";
    private static final String TASK = "/task/";
    private static final String FINISHED = "/finished/";

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
            if (key.endsWith(HEADER) && key.indexOf('/') == key.length() - HEADER.length()) {
                readHeader(key, value);
            }
        });
    }

    private void readHeader(String key, byte[] value) {
        try {
            PoolHeader header = EventJson.mapper().readValue(value, PoolHeader.class);
            headers.put(header.pool(), header);
        } catch (IOException e) {
            unreadable.put(key, "%s cannot be read: %s".formatted(key, e.getMessage()));
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

    /** The key of a pool's header. */
    public static String headerKey(PoolId pool) {
        return pool.value() + HEADER;
    }

    /** What is stored otherwise than it must be, by key, for people; empty if nothing is. */
    public SortedMap<String, String> differences(
            PoolHeader header,
            Map<NodeId, NodeSnapshot> nodes,
            Map<TaskId, TaskRecord> tasks,
            Collection<FinishedTask> finished) {
        String pool = header.pool().value();
        Map<String, Object> expected = entries(header, nodes, tasks, finished);
        Set<String> keys = new LinkedHashSet<>(expected.keySet());
        for (String kind : new String[] {NODE, TASK, FINISHED}) {
            keys.addAll(values.subMap(pool + kind, pool + kind + Character.MAX_VALUE)
                    .keySet());
        }
        SortedMap<String, String> differences = new TreeMap<>();
        for (String key : keys) {
            StoredValue.difference(key, values.get(key), expected.get(key), typeOf(pool, key))
                    .ifPresent(text -> differences.put(key, text));
        }
        return differences;
    }

    /** What must be stored of a pool, by key. */
    public static Map<String, Object> entries(
            PoolHeader header,
            Map<NodeId, NodeSnapshot> nodes,
            Map<TaskId, TaskRecord> tasks,
            Collection<FinishedTask> finished) {
        String pool = header.pool().value();
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put(pool + HEADER, header);
        nodes.forEach((id, node) -> entries.put(pool + NODE + id, node));
        tasks.forEach((id, task) -> entries.put(pool + TASK + id, task));
        finished.forEach(task -> entries.put(pool + FINISHED + task.taskId(), task));
        return entries;
    }

    private static Class<?> typeOf(String pool, String key) {
        if (key.equals(pool + HEADER)) {
            return PoolHeader.class;
        }
        if (key.startsWith(pool + NODE)) {
            return NodeSnapshot.class;
        }
        return key.startsWith(pool + TASK) ? TaskRecord.class : FinishedTask.class;
    }
}
