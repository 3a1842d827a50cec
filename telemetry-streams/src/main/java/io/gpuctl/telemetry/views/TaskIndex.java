package io.gpuctl.telemetry.views;

import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keys that sort tasks, so that a page is a range:
 *
 * <pre>
 * all|SUBMITTED|ID           every task
 * queued|SUBMITTED|ID        likewise for each state
 * finished|POOL|SEQUENCE|ID  tasks that are over, in the order in which they ended
 * </pre>
 *
 * <p>Numbers are 16 hexadecimal digits. The separator is greater than every character of an identifier or number.
 */
public final class TaskIndex {
    private static final char SEPARATOR = '|';

    /** Greater than every character of a key. */
    private static final char LAST = '~';

    private static final String ALL = "all";
    private static final String FINISHED = "finished";
    private static final HexFormat HEX = HexFormat.of();

    private TaskIndex() {}

    /** Returns the prefix of the keys of a listing. */
    public static String prefix(@Nullable TaskState state) {
        return (state == null ? ALL : state.name().toLowerCase(Locale.ROOT)) + SEPARATOR;
    }

    /** Returns the key of a task in the listing of its state, or of all tasks. */
    public static String key(@Nullable TaskState state, TaskCursor cursor) {
        return prefix(state) + number(cursor.submittedAtMs()) + SEPARATOR + cursor.taskId();
    }

    /** Returns the task of a key. */
    public static TaskId taskId(String key) {
        return new TaskId(key.substring(key.lastIndexOf(SEPARATOR) + 1));
    }

    /** Returns whether the key is in the listing of a state that is not final. */
    public static boolean isOfActiveState(String key) {
        for (TaskState state : TaskState.values()) {
            if (key.startsWith(prefix(state))) {
                return !state.isFinal();
            }
        }
        return false;
    }

    /** Returns a number as text that sorts like the number, also if negative. */
    public static String number(long value) {
        return HEX.toHexDigits(value ^ Long.MIN_VALUE);
    }

    /** Parses the text of {@link #number}. */
    public static long parseNumber(String text) {
        return HexFormat.fromHexDigitsToLong(text) ^ Long.MIN_VALUE;
    }

    /** Returns a bound between a pool's tasks that ended with or before this fact and the tasks that ended later. */
    static String finishedAfter(PoolId pool, long sequence) {
        return finished(pool, sequence) + LAST;
    }

    private static String finished(PoolId pool, long sequence) {
        return FINISHED + SEPARATOR + pool + SEPARATOR + number(sequence);
    }

    /** Returns all keys of a task in this state. */
    static List<String> keys(@Nullable TaskView view) {
        if (view == null) {
            return List.of();
        }
        List<String> keys = new ArrayList<>(3);
        keys.add(key(null, view.cursor()));
        keys.add(key(view.state(), view.cursor()));
        if (view.state().isFinal()) {
            keys.add(finished(view.task().pool(), view.sequence())
                    + SEPARATOR
                    + view.task().taskId());
        }
        return keys;
    }
}
