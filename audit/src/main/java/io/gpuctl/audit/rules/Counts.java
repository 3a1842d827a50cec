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

/** What was read and found, over all partitions. */
public final class Counts {
    /** Records of a topic. */
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

    /** By name. */
    public SortedMap<String, Topic> topics() {
        return Collections.unmodifiableSortedMap(topics);
    }

    /** Tasks that are over by how they ended, and the others by where they are. */
    public Map<TaskState, Long> tasks() {
        return Collections.unmodifiableMap(tasks);
    }

    /** All records read. */
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

    /** Submissions that were accepted or rejected. */
    public long submissionsDecided() {
        return submissionsDecided;
    }

    /** Submissions of a task id that was known: they changed nothing. */
    public long submissionsRepeated() {
        return submissionsRepeated;
    }

    /** Submissions whose time cannot be: the orchestrator refused them, and they are in the dead letters. */
    public long submissionsRefused() {
        return submissionsRefused;
    }

    /** Commands to nodes that match a fact. */
    public long nodeCommandsMatched() {
        return nodeCommandsMatched;
    }

    /** Submissions that the orchestrator has not come to yet. */
    public long commandsPending() {
        return commandsPending;
    }

    /** Reports of an end that the orchestrator has not come to yet. */
    public long reportsPending() {
        return reportsPending;
    }

    /** Facts from reports of attempts whose command is not kept any more: nobody can tell whether the node sent them. */
    public long reportsNotCompared() {
        return reportsNotCompared;
    }
}
