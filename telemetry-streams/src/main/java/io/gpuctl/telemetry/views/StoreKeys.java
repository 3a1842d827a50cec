package io.gpuctl.telemetry.views;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.views.ViewStore.Position;
import java.util.Locale;

/** Keys of stores whose entries belong together: a range of keys is the history of a task or node, or what is
 * held on a node, or its windows. */
public final class StoreKeys {
    /** Greater than every character of a key: {@code prefix + LAST} is after all keys that begin so. */
    public static final String LAST = "~";

    private StoreKeys() {}

    public static String historyPrefix(TaskId taskId) {
        return taskId + "|";
    }

    /** Task id and sequence. */
    public static String historyKey(TaskId taskId, long sequence) {
        return historyPrefix(taskId) + TaskIndex.number(sequence);
    }

    public static String holdPrefix(NodeId nodeId) {
        return nodeId + "|";
    }

    /** Node id and attempt. */
    public static String holdKey(NodeId nodeId, AttemptId attempt) {
        return holdPrefix(nodeId) + attempt;
    }

    /** Node id and start of the window. */
    public static String windowKey(NodeId nodeId, long startMs) {
        return nodeId + "|" + TaskIndex.number(startMs);
    }

    public static String nodeHistoryPrefix(NodeId nodeId) {
        return nodeId + "|";
    }

    /** Node id, and how many facts were kept of it before. */
    public static String nodeHistoryKey(NodeId nodeId, long number) {
        return nodeHistoryPrefix(nodeId) + TaskIndex.number(number);
    }

    /** How many facts were kept of the node before the one with this key. */
    public static long nodeHistoryNumber(NodeId nodeId, String key) {
        return TaskIndex.parseNumber(key.substring(nodeHistoryPrefix(nodeId).length()));
    }

    public static String claimantKey(TaskId taskId) {
        return "id|" + taskId;
    }

    public static String claimKey(long number) {
        return "number|" + TaskIndex.number(number);
    }

    /** What is known of a partition of task-commands. */
    public static String positionKey(Position position, int partition) {
        return position.name().toLowerCase(Locale.ROOT).replace('_', '-') + "|" + partition;
    }
}
