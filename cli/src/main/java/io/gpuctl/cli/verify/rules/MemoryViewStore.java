package io.gpuctl.cli.verify.rules;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.core.NodeView;
import io.gpuctl.telemetry.core.PoolView;
import io.gpuctl.telemetry.core.TaskView;
import io.gpuctl.telemetry.core.ViewStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The views of one pool in memory, without histories: those grow with the log. */
final class MemoryViewStore implements ViewStore {
    private final Map<TaskId, TaskView> tasks = new LinkedHashMap<>();
    private final SortedMap<NodeId, NodeView> nodes = new TreeMap<>();
    private final SortedMap<PoolId, PoolView> pools = new TreeMap<>();
    private final SortedSet<String> index = new TreeSet<>();
    private final Map<Position, Map<Integer, Long>> positions = new TreeMap<>();

    Map<TaskId, TaskView> tasks() {
        return tasks;
    }

    SortedMap<NodeId, NodeView> nodes() {
        return nodes;
    }

    SortedSet<String> index() {
        return index;
    }

    @Override
    public @Nullable TaskView task(TaskId taskId) {
        return tasks.get(taskId);
    }

    @Override
    public void putTask(TaskView view) {
        tasks.put(view.task().taskId(), view);
    }

    @Override
    public void removeTask(TaskId taskId) {
        tasks.remove(taskId);
    }

    @Override
    public @Nullable NodeView node(NodeId nodeId) {
        return nodes.get(nodeId);
    }

    @Override
    public void putNode(NodeView view) {
        nodes.put(view.inventory().nodeId(), view);
    }

    @Override
    public @Nullable PoolView pool(PoolId pool) {
        return pools.get(pool);
    }

    @Override
    public void putPool(PoolView view) {
        pools.put(view.pool(), view);
    }

    @Override
    public void putIndexKey(String key) {
        index.add(key);
    }

    @Override
    public void removeIndexKey(String key) {
        index.remove(key);
    }

    @Override
    public List<String> indexKeys(String from, String to, int limit) {
        return index.subSet(from, to).stream().limit(limit).toList();
    }

    @Override
    public void appendHistory(TaskId taskId, Fact fact) {
        // Not kept: it is as long as the log.
    }

    @Override
    public void removeHistory(TaskId taskId) {
        // Not kept.
    }

    @Override
    public long position(Position position, int partition) {
        return positions.getOrDefault(position, Map.of()).getOrDefault(partition, -1L);
    }

    @Override
    public void putPosition(Position position, int partition, long offset) {
        positions.computeIfAbsent(position, key -> new TreeMap<>()).put(partition, offset);
    }
}
