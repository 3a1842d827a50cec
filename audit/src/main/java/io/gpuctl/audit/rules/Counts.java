package io.gpuctl.audit.rules;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.TaskState;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts of what was read and found in all partitions. */
public final class Counts {
    /** The number of records of a topic. */
    public record Topic(long records, long unreadable) {}

    private final SortedMap<String, Topic> topics = new TreeMap<>();
    private final Map<TaskState, Long> tasks = new EnumMap<>(TaskState.class);
    private long facts;
    private long attempts;
    private int pools;
    private int nodes;
    private long gpus;
    long submissionsDecided;
    long submissionsRepeated;
    long submissionsRefused;
    long nodeCommandsMatched;
    long commandsPending;
    long reportsPending;
    long reportsNotCompared;

    /** Counts a record of any topic. */
    public void read(Entry<?> entry) {
        topics.merge(
                entry.place().topic(),
                new Topic(1, entry.value() == null ? 1 : 0),
                (a, b) -> new Topic(a.records() + b.records(), a.unreadable() + b.unreadable()));
    }

    void fact(ClusterEvent event) {
        facts++;
        if (event instanceof ClusterEvent.TaskPlaced) {
            attempts++;
        } else if (event instanceof ClusterEvent.TaskCompleted) {
            task(TaskState.COMPLETED);
        } else if (event instanceof ClusterEvent.TaskFailed) {
            task(TaskState.FAILED);
        } else if (event instanceof ClusterEvent.TaskCancelled) {
            task(TaskState.CANCELLED);
        } else if (event instanceof ClusterEvent.TaskRejected) {
            task(TaskState.REJECTED);
        }
    }

    void pool(PoolState state) {
        pools++;
        nodes += state.nodes().size();
        for (Node node : state.nodes()) {
            gpus += node.gpuCount();
        }
        for (TaskRecord task : state.tasks()) {
            task(task.state());
        }
    }

    private void task(TaskState state) {
        tasks.merge(state, 1L, Long::sum);
    }

    /** Returns the counts by topic. */
    public SortedMap<String, Topic> topics() {
        return Collections.unmodifiableSortedMap(topics);
    }

    /** Returns the number of tasks by state: the final state of ended tasks, the current state of the others. */
    public Map<TaskState, Long> tasks() {
        return Collections.unmodifiableMap(tasks);
    }

    /** Returns the number of all records read. */
    public long records() {
        return topics.values().stream().mapToLong(Topic::records).sum();
    }

    public long facts() {
        return facts;
    }

    public long attempts() {
        return attempts;
    }

    public int pools() {
        return pools;
    }

    public int nodes() {
        return nodes;
    }

    public long gpus() {
        return gpus;
    }

    /** Returns the number of submissions that were accepted or rejected. */
    public long submissionsDecided() {
        return submissionsDecided;
    }

    /** Returns the number of submissions of a known task id, which changed nothing. */
    public long submissionsRepeated() {
        return submissionsRepeated;
    }

    /**
     * Returns the number of submissions with an impossible time, which the orchestrator refused and wrote to the dead
     * letters.
     */
    public long submissionsRefused() {
        return submissionsRefused;
    }

    /** Returns the number of commands to nodes that match a fact. */
    public long nodeCommandsMatched() {
        return nodeCommandsMatched;
    }

    /** Returns the number of submissions that the orchestrator has not processed yet. */
    public long commandsPending() {
        return commandsPending;
    }

    /** Returns the number of reports of an end that the orchestrator has not processed yet. */
    public long reportsPending() {
        return reportsPending;
    }

    /**
     * Returns the number of facts from reports whose command is no longer retained, so that their token cannot be
     * checked.
     */
    public long reportsNotCompared() {
        return reportsNotCompared;
    }
}
