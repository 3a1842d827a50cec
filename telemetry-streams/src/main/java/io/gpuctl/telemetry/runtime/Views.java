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
 * Queries on the views of the partitions that this instance owns. May be called from any thread. Calls only read local
 * stores, and never block on Kafka. Every method throws {@link ViewsNotReadyException} while the views start or move.
 */
public interface Views {
    /** Limit on the entries of one page. */
    int LIMIT_MAX = 1_000;

    /** Limit on the concurrent waits of {@link #whenCommandSeen} on an instance. */
    int WAITERS_MAX = 10_000;

    /** The order of a listing of tasks. */
    enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /** Returns a task, including a task that is only submitted, whose sequence is 0. */
    Optional<TaskView> task(TaskId taskId);

    /** Returns a page of tasks, oldest first. */
    default List<TaskView> tasks(@Nullable TaskState state, @Nullable TaskCursor after, int limit) {
        return tasks(state, after, limit, Order.OLDEST_FIRST);
    }

    /**
     * Returns a page of tasks by {@link TaskCursor}. The cost depends on the page, not on the number of tasks. Pages
     * are not a snapshot: in a listing by state, a task that changes its state between two pages may be in both or in
     * none.
     *
     * @param state only tasks in this state; null for all
     * @param after last task of the previous page; null for the first page
     * @param limit 1 to {@link #LIMIT_MAX}; a page may end earlier, see {@link PageEnd}
     */
    List<TaskView> tasks(@Nullable TaskState state, @Nullable TaskCursor after, int limit, Order order);

    /**
     * Returns the claim of a task id. The partition of {@link io.gpuctl.events.PoolId#DEFAULT} must be local.
     *
     * @throws ViewsNotReadyException if the partition is not local
     */
    TaskIdClaim claim(TaskId taskId);

    /**
     * Returns a page of the facts about a task, oldest first; empty for an unknown task. {@link TaskView#factsOmitted}
     * counts the facts that a long history leaves out.
     *
     * @param after sequence of the last fact of the previous page; 0 for the first page
     * @param limit 1 to {@link #LIMIT_MAX}; a page may end earlier, see {@link PageEnd}
     */
    List<Fact> history(TaskId taskId, long after, int limit);

    Optional<NodeView> node(NodeId nodeId);

    /** Returns the history of a node of this pool; {@link NodeHistory#EMPTY} for an unknown node. */
    NodeHistory nodeHistory(PoolId pool, NodeId nodeId);

    /**
     * Returns a page of nodes, by id as text.
     *
     * @param after last node of the previous page; null for the first page
     * @param limit 1 to {@link #LIMIT_MAX}; a page may end earlier, see {@link PageEnd}
     */
    List<NodeView> nodes(@Nullable NodeId after, int limit);

    /** Returns all pools, by id. */
    List<PoolView> pools();

    /**
     * Returns a page of users of all pools, by pool and name: see {@link UserCursor#key}.
     *
     * @param after last user of the previous page; null for the first page
     * @param limit 1 to {@link #LIMIT_MAX}
     */
    List<UserView> users(@Nullable UserCursor after, int limit);

    /** Returns the last telemetry of a node; empty for about a second after a start or a move. */
    Optional<NodeTelemetry> telemetry(NodeId nodeId);

    /** Returns the last measured power of the GPUs of each local node that has telemetry. */
    List<NodePower> power();

    /** Returns the windows that start in [{@code fromMs}, {@code toMs}), in order of time. */
    List<TelemetryWindow> windows(NodeId nodeId, long fromMs, long toMs);

    /** Returns the summary of the local nodes, at most about a second old. */
    TelemetrySummary telemetrySummary();

    /**
     * Returns a stage that completes when the views have processed this partition of {@code task-commands} up to and
     * including this offset. It completes on its own thread, never on one of Kafka's. It fails with
     * {@link ViewsNotReadyException} when the partition moves away or the app is closed. It has no timeout: use
     * {@code orTimeout}, which also frees its place.
     *
     * @throws ViewsNotReadyException if the partition is not local, or {@link #WAITERS_MAX} callers already wait
     */
    CompletionStage<@Nullable Void> whenCommandSeen(int partition, long offset);

    Ownership ownership();

    /**
     * Returns the problems of the views as messages for operators, for example that facts are missing in the log of a
     * pool.
     */
    List<String> problems();
}
