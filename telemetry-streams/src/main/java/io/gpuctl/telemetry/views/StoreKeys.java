package io.gpuctl.telemetry.views;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.views.ViewStore.Position;
import java.util.Locale;

/** Keys of stores in which a range is the history of a task or node, or the allocations or windows of a node. */
public final class StoreKeys {
    /** Greater than every character of a key: {@code prefix + LAST} is after all keys with the prefix. */
    public static final String LAST = "~";

    private StoreKeys() {}

    public static String historyPrefix(TaskId taskId) {
        return taskId + "|";
    }

    /** Returns the key of task id and sequence. */
    public static String historyKey(TaskId taskId, long sequence) {
        return historyPrefix(taskId) + TaskIndex.number(sequence);
    }

    public static String holdPrefix(NodeId nodeId) {
        return nodeId + "|";
    }

    /** Returns the key of node id and attempt. */
    public static String holdKey(NodeId nodeId, AttemptId attempt) {
        return holdPrefix(nodeId) + attempt;
    }

    /** Returns the key of node id and start of the window. */
    public static String windowKey(NodeId nodeId, long startMs) {
        return nodeId + "|" + TaskIndex.number(startMs);
    }

    public static String nodeHistoryPrefix(NodeId nodeId) {
        return nodeId + "|";
    }

    /** Returns the key of node id and number of facts kept of the node before. */
    public static String nodeHistoryKey(NodeId nodeId, long number) {
        return nodeHistoryPrefix(nodeId) + TaskIndex.number(number);
    }

    /** Returns the number of facts kept of the node before the one with this key. */
    public static long nodeHistoryNumber(NodeId nodeId, String key) {
        return TaskIndex.parseNumber(key.substring(nodeHistoryPrefix(nodeId).length()));
    }

    public static String claimantKey(TaskId taskId) {
        return "id|" + taskId;
    }

    public static String claimKey(long number) {
        return "number|" + TaskIndex.number(number);
    }

    /** Returns the key of a position in a partition of task-commands. */
    public static String positionKey(Position position, int partition) {
        return position.name().toLowerCase(Locale.ROOT).replace('_', '-') + "|" + partition;
    }
}
