package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
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

    private final boolean areNoted;

    /** @param areNoted false for a state that is not stored: then nothing is remembered */
    Changes(boolean areNoted) {
        this.areNoted = areNoted;
    }

    void node(NodeId nodeId) {
        if (areNoted) {
            nodes.add(nodeId);
        }
    }

    void task(TaskId taskId) {
        if (areNoted) {
            tasks.add(taskId);
        }
    }

    /** Notes that one member of the task has changed, and nothing else of the task. */
    void member(TaskId taskId, int index) {
        if (areNoted) {
            members.computeIfAbsent(taskId, _ -> new TreeSet<>()).add(index);
        }
    }

    void finished(TaskId taskId) {
        if (areNoted) {
            finished.add(taskId);
        }
    }

    Set<NodeId> nodes() {
        return nodes;
    }

    Set<TaskId> tasks() {
        return tasks;
    }

    /** Returns the changed members by task, without the tasks that have changed as a whole. */
    SortedMap<TaskId, SortedSet<Integer>> members() {
        SortedMap<TaskId, SortedSet<Integer>> alone = new TreeMap<>(members);
        alone.keySet().removeAll(tasks);
        return alone;
    }

    Set<TaskId> finished() {
        return finished;
    }

    void clear() {
        nodes.clear();
        tasks.clear();
        members.clear();
        finished.clear();
    }
}
