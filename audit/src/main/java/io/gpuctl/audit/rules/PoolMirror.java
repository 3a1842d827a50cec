package io.gpuctl.audit.rules;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskId;
import io.gpuctl.orchestrator.core.FinishedTask;
import io.gpuctl.orchestrator.core.NodeSnapshot;
import io.gpuctl.orchestrator.core.PoolHeader;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.StateChange;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The state of a pool as the orchestrator should have stored it, built from the changes that the fold returns. */
final class PoolMirror {
    private PoolHeader header;
    private final SortedMap<NodeId, NodeSnapshot> nodes = new TreeMap<>();
    private final Map<TaskId, TaskRecord> tasks = new LinkedHashMap<>();
    private final Map<TaskId, FinishedTask> finished = new LinkedHashMap<>();

    PoolMirror(PoolId pool) {
        header = new PoolHeader(pool, 0, 0, null, ReaderVersion.FIRST);
    }

    void take(StateChange change) {
        header = change.header();
        nodes.putAll(change.nodes());
        change.tasks()
                .forEach((taskId, task) -> task.ifPresentOrElse(t -> tasks.put(taskId, t), () -> tasks.remove(taskId)));
        change.finished()
                .forEach((taskId, task) ->
                        task.ifPresentOrElse(t -> finished.put(taskId, t), () -> finished.remove(taskId)));
    }

    /** Keeps the state, but moves it to another place in the log. */
    void moveTo(long sequence, long lastAtMs) {
        header = new PoolHeader(header.pool(), sequence, lastAtMs, header.settings(), header.readerVersion());
    }

    PoolState toState() {
        return PoolState.restore(header, nodes.values(), tasks.values(), finished.values());
    }

    PoolHeader header() {
        return header;
    }

    SortedMap<NodeId, NodeSnapshot> nodes() {
        return nodes;
    }

    Map<TaskId, TaskRecord> tasks() {
        return tasks;
    }

    Map<TaskId, FinishedTask> finished() {
        return finished;
    }
}
