package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Remembers which parts of a {@link PoolState} have changed since they were stored. */
final class Changes {
    private final Set<NodeId> nodes = new TreeSet<>();
    private final Set<TaskId> tasks = new TreeSet<>();
    private final SortedMap<TaskId, SortedSet<Integer>> members = new TreeMap<>();
    private final Set<TaskId> finished = new TreeSet<>();

    void node(NodeId nodeId) {
        nodes.add(nodeId);
    }

    void task(TaskId taskId) {
        tasks.add(taskId);
    }

    /** Nothing of the task but this member, by its place among them. */
    void member(TaskId taskId, int index) {
        members.computeIfAbsent(taskId, _ -> new TreeSet<>()).add(index);
    }

    void finished(TaskId taskId) {
        finished.add(taskId);
    }

    void drain() {
        nodes.clear();
        tasks.clear();
        members.clear();
        finished.clear();
    }

    StateChange drainInto(PoolState state) {
        SortedMap<NodeId, NodeSnapshot> changedNodes = new TreeMap<>();
        for (NodeId nodeId : nodes) {
            Node node = state.node(nodeId);
            if (node != null) {
                changedNodes.put(nodeId, state.snapshot(node));
            }
        }
        SortedMap<TaskId, Optional<TaskRecord>> changedTasks = new TreeMap<>();
        SortedMap<TaskId, SortedSet<Integer>> changedMembers = new TreeMap<>(members);
        changedMembers.keySet().removeAll(tasks);
        changedMembers.keySet().forEach(taskId -> changedTasks.put(taskId, Optional.ofNullable(state.task(taskId))));
        tasks.forEach(taskId -> changedTasks.put(taskId, Optional.ofNullable(state.task(taskId))));
        SortedMap<TaskId, Optional<FinishedTask>> changedFinished = new TreeMap<>();
        finished.forEach(taskId -> changedFinished.put(taskId, Optional.ofNullable(state.finishedTask(taskId))));
        drain();
        return new StateChange(state.header(), changedNodes, changedTasks, changedMembers, changedFinished);
    }
}
