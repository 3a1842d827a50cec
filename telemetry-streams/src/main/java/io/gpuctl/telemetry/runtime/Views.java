package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.views.NodeHistory;
import io.gpuctl.telemetry.views.NodePower;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.TaskCursor;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserCursor;
import io.gpuctl.telemetry.views.UserView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Queries on the views of the partitions that this instance owns, and of no others. Any thread may ask; no call blocks
 * on Kafka, each reads local stores only. Every method throws {@link ViewsNotReadyException} while the views start or
 * move.
 */
public interface Views {
    /** More entries than this are never answered at once. */
    int LIMIT_MAX = 1_000;

    /** As many {@link #whenCommandSeen} may wait at a time on an instance. */
    int WAITERS_MAX = 10_000;

    /** The order of a listing of tasks. */
    enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /** Also a task that was only submitted so far: its sequence is 0. */
    Optional<TaskView> task(TaskId taskId);

    /** The same as the longer method, oldest first. */
    default List<TaskView> tasks(@Nullable TaskState state, @Nullable TaskCursor after, int limit) {
        return tasks(state, after, limit, Order.OLDEST_FIRST);
    }

    /**
     * A page of tasks by {@link TaskCursor}. Reads as much as it answers, whatever the number of tasks. Pages need not
     * be of one moment: a task that changes its state between two pages may be in both, or in none, of a listing by
     * state.
     *
     * @param state only these; null for all
     * @param after the last task of the page before; null for the first page
     * @param limit 1 to {@link #LIMIT_MAX}; a page may end before it, see {@link PageEnd}
     */
    List<TaskView> tasks(@Nullable TaskState state, @Nullable TaskCursor after, int limit, Order order);

    /**
     * What is known of claims of an id, if the partition of claims, {@link io.gpuctl.events.PoolId#DEFAULT}'s, is local.
     *
     * @throws ViewsNotReadyException if it is not
     */
    TaskIdClaim claim(TaskId taskId);

    /**
     * A page of the facts about a task, oldest first; empty for an unknown one. What a long history does not hold, {@link
     * TaskView#factsOmitted} counts.
     *
     * @param after the sequence of the last fact of the page before; 0 for the first page
     * @param limit 1 to {@link #LIMIT_MAX}; a page may end before it, see {@link PageEnd}
     */
    List<Fact> history(TaskId taskId, long after, int limit);

    Optional<NodeView> node(NodeId nodeId);

    /** What happened to a node of this pool; {@link NodeHistory#EMPTY} for an unknown one. */
    NodeHistory nodeHistory(PoolId pool, NodeId nodeId);

    /**
     * A page of nodes, by id as text.
     *
     * @param after the last node of the page before; null for the first page
     * @param limit 1 to {@link #LIMIT_MAX}; a page may end before it, see {@link PageEnd}
     */
    List<NodeView> nodes(@Nullable NodeId after, int limit);

    /** All pools, by id. */
    List<PoolView> pools();

    /**
     * A page of users of all pools, by pool and name: see {@link UserCursor#key}.
     *
     * @param after the last user of the page before; null for the first page
     * @param limit 1 to {@link #LIMIT_MAX}
     */
    List<UserView> users(@Nullable UserCursor after, int limit);

    /** The last telemetry of a node; empty until the first one after a start or a move, which is about a second. */
    Optional<NodeTelemetry> telemetry(NodeId nodeId);

    /** What each local node's GPUs drew when they were measured last; nothing of those that were not. */
    List<NodePower> power();

    /** Windows that start in [{@code fromMs}, {@code toMs}), in order of time. */
    List<TelemetryWindow> windows(NodeId nodeId, long fromMs, long toMs);

    /** Over the local nodes; at most about a second old. */
    TelemetrySummary telemetrySummary();

    /**
     * Completes when the views have processed {@code task-commands} of this partition up to and with this offset: at
     * once if they have already. It completes on a thread of its own, never on one of Kafka's. It fails with {@link
     * ViewsNotReadyException} when the partition moves away, or the app is closed. It does not time out by itself: use {@code orTimeout},
     * which also gives the place back.
     *
     * @throws ViewsNotReadyException if the partition is not local, or {@link #WAITERS_MAX} wait already
     */
    CompletionStage<@Nullable Void> whenCommandSeen(int partition, long offset);

    Ownership ownership();

    /**
     * What is wrong with the views, for people; empty if nothing is. For example that facts are missing in the log of a
     * pool.
     */
    List<String> problems();
}
