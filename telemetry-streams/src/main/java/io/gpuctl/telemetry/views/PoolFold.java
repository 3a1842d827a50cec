package io.gpuctl.telemetry.views;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.FactOrder;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskState;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Updates a pool's counts while facts change its tasks and nodes: subtracts the old state and adds the new one. */
final class PoolFold {
    /** Used only if the beginning of the log is lost, since a pool's first fact configures it. */
    private static final int FINISHED_TASKS_KEPT_UNCONFIGURED = 100_000;

    private final PoolView before;
    private final Map<NodeState, Integer> nodesByState = new EnumMap<>(NodeState.class);
    private final Map<TaskState, Integer> tasksByState = new EnumMap<>(TaskState.class);
    private final Map<NodeHealth, Integer> nodesByHealth = new EnumMap<>(NodeHealth.class);
    private final Map<EndReason, Long> requeuesByReason = new EnumMap<>(EndReason.class);
    private @Nullable PoolSettings settings;
    private int gpusTotal;
    private int gpusUp;
    private long gpuMilliAllocated;
    private long tasksForgotten;
    private long forgottenSequence;
    private long factsMissing;
    private long factsUnmatched;
    private int gpusOut;
    private long lostWorkMs;
    private long energyMj;
    private ServiceTotals service;
    private long gpuMilliAway;
    private ReaderVersion readerVersion;

    /** {@code before} must have {@link PoolView#gpuMilliAway}. */
    PoolFold(PoolView before) {
        this.before = before;
        nodesByState.putAll(before.nodesByState());
        tasksByState.putAll(before.tasksByState());
        settings = before.settings();
        gpusTotal = before.gpusTotal();
        gpusUp = before.gpusUp();
        gpuMilliAllocated = before.gpuMilliAllocated();
        tasksForgotten = before.tasksForgotten();
        forgottenSequence = before.forgottenSequence();
        factsMissing = before.factsMissing();
        factsUnmatched = before.factsUnmatched();
        nodesByHealth.putAll(before.nodesByHealth());
        requeuesByReason.putAll(before.requeuesByReason());
        gpusOut = before.gpusOut();
        lostWorkMs = before.lostWorkMs();
        energyMj = before.energyMj();
        service = before.service();
        gpuMilliAway = Objects.requireNonNull(before.gpuMilliAway());
        readerVersion = before.readerVersion();
    }

    PoolView build(FactOrder order) {
        return new PoolView(
                before.pool(),
                readerVersion,
                order.last(),
                settings,
                nodesByState,
                gpusTotal,
                gpusUp,
                gpuMilliAllocated,
                tasksByState,
                tasksForgotten,
                forgottenSequence,
                factsMissing,
                factsUnmatched,
                nodesByHealth,
                gpusOut,
                requeuesByReason,
                lostWorkMs,
                energyMj,
                service,
                order.ahead(),
                gpuMilliAway);
    }

    void started(ClusterEvent.OrchestratorStarted event) {
        readerVersion = readerVersion.orNewer(event.readerVersion());
    }

    void configured(PoolSettings next) {
        settings = next;
    }

    void missing(long facts) {
        factsMissing += facts;
    }

    void unmatched() {
        factsUnmatched++;
    }

    void forgotten(TaskView view) {
        tasksForgotten++;
        forgottenSequence = view.sequence();
        task(view, null);
    }

    /** Counts an event that fits the state of its task or node. */
    void happened(ClusterEvent event) {
        energyMj += event.energyMj();
        if (event instanceof ClusterEvent.TaskRequeued requeued) {
            requeuesByReason.merge(requeued.reason(), 1L, Long::sum);
            lostWorkMs += requeued.lostMs();
        } else if (event instanceof ClusterEvent.TaskFailed failed) {
            lostWorkMs += failed.lostMs();
        }
    }

    /** Counts a change of a task. A task without facts does not belong to the pool yet. */
    void task(@Nullable TaskView was, @Nullable TaskView is) {
        count(tasksByState, was == null || was.sequence() == 0 ? null : was.state(), -1);
        count(tasksByState, is == null ? null : is.state(), 1);
    }

    /** Adds to the allocated thousandths of a GPU; negative if they are released. */
    void allocated(long gpuMilli) {
        gpuMilliAllocated += gpuMilli;
    }

    /** Adds to the allocation on nodes that are not up; negative if it shrinks. */
    void away(long gpuMilli) {
        gpuMilliAway += gpuMilli;
    }

    /** Sets the pool's time back. */
    void clockSetBack(long atMs) {
        service = service.setBackTo(atMs);
    }

    void node(@Nullable NodeRecord was, @Nullable NodeRecord is, long atMs) {
        service = service.after(was, is, atMs);
        if (was != null) {
            add(was, -1);
        }
        if (is != null) {
            add(is, 1);
        }
    }

    /** Returns the number of finished tasks that are not forgotten. */
    int finishedTasks() {
        int finished = 0;
        for (Map.Entry<TaskState, Integer> entry : tasksByState.entrySet()) {
            finished += entry.getKey().isFinal() ? entry.getValue() : 0;
        }
        return finished;
    }

    long forgottenSequence() {
        return forgottenSequence;
    }

    int finishedTasksKept() {
        return settings == null ? FINISHED_TASKS_KEPT_UNCONFIGURED : settings.finishedTasksKept();
    }

    /** Returns whether the pool's settings limit the age of finished tasks. */
    boolean limitsAge() {
        return settings != null && settings.finishedTasksKeptMs() > 0;
    }

    /** Returns whether a task that finished at this time is too old to be kept, ms of cluster time. */
    boolean isTooOld(long finishedAtMs, long nowMs) {
        return settings != null && settings.isTooOld(finishedAtMs, nowMs);
    }

    private void add(NodeRecord view, int sign) {
        count(nodesByState, view.state(), sign);
        count(nodesByHealth, view.health(), sign);
        gpusOut += view.state() == NodeState.UP ? sign * view.upkeep().gpusOut().size() : 0;
        gpusTotal += sign * view.inventory().gpuCount();
        gpusUp += view.state() == NodeState.UP ? sign * view.inventory().gpuCount() : 0;
    }

    private static <K> void count(Map<K, Integer> counts, @Nullable K key, int change) {
        if (key != null) {
            counts.merge(key, change, (old, by) -> old + by == 0 ? null : old + by);
        }
    }
}
