package io.gpuctl.telemetry.views;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.FactOrder;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskStep;
import io.gpuctl.telemetry.views.ViewStore.Position;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Applies facts to all views, in the order of each pool's sequence. A fact that was applied before changes nothing, so
 * a log may be read again from any earlier position. The same facts give the same views everywhere.
 *
 * <p>Ids are unique in a cluster. If two pools still use the same task id, the first keeps it, and the facts of the
 * other are counted as unmatched. A node belongs to the pool in which it registered last.
 */
public final class PoolViewsFold {
    /** Once a task's history has this many facts, it keeps only facts that change the task's state. */
    public static final int HISTORY_SIZE_MAX = 200;

    /** Number of the newest facts that are kept of a node. {@link NodeFold#isRemembered} excludes some kinds. */
    public static final int NODE_HISTORY_SIZE_MAX = 100;

    /** {@link Cause#source} of a fact that a command caused. */
    static final String COMMANDS = "task-commands";

    /**
     * Number of the newest claims of task ids that are kept. A claim is needed until its submission is in the views,
     * which takes seconds; this is a minute of 1,600 a second.
     */
    static final int CLAIMS_KEPT = 100_000;

    /**
     * Number of users whose totals are kept in each pool. When another user appears, the tenth of them whose totals
     * have not changed for longest is removed at once: finding them reads all.
     */
    static final int USERS_KEPT = 100_000;

    private static final int USERS_FORGOTTEN_AT_ONCE = USERS_KEPT / 10;

    private static final Comparator<UserView> LONGEST_UNCHANGED =
            Comparator.comparingLong(UserView::sequence).thenComparing(UserView::user);

    private final ViewStore store;

    /**
     * When the oldest finished task of a pool ended: a cache, so that a fact need not look for tasks that are too old.
     */
    private final SortedMap<PoolId, Long> oldestFinishedAtMs = new TreeMap<>();

    /** Number of stored users of a pool, once counted: a cache. */
    private final SortedMap<PoolId, Integer> usersStored = new TreeMap<>();

    public PoolViewsFold(ViewStore store) {
        this.store = store;
    }

    /**
     * The effect of a fact.
     *
     * @param applied false if the fact was applied before, or is a single fact from beyond a gap
     * @param missing number of earlier facts of the pool that are missing
     * @param matched false if the fact did not fit, such as a fact about an unknown task
     */
    public record Outcome(boolean applied, long missing, boolean matched) {
        static final Outcome SEEN_BEFORE = new Outcome(false, 0, true);
        static final Outcome ALONE_AHEAD = new Outcome(false, 0, false);
    }

    public Outcome apply(Fact fact) {
        PoolView before = counted(poolOrEmpty(fact.pool()));
        FactOrder order = before.order().after(fact);
        PoolFold pool = new PoolFold(before);
        switch (before.order().step(fact)) {
            case REPEATED -> {
                return Outcome.SEEN_BEFORE;
            }
            case ALONE_AHEAD -> {
                pool.unmatched();
                store.putPool(pool.build(order));
                return Outcome.ALONE_AHEAD;
            }
            case NEXT, BEHIND_GAP -> {}
        }
        long missing = fact.sequence() - before.sequence() - 1;
        pool.missing(missing);
        boolean matched = apply(fact, pool);
        if (!matched) {
            pool.unmatched();
        }
        forgetOldest(pool, fact);
        store.putPool(pool.build(order));
        decided(fact.cause());
        return new Outcome(true, missing, matched);
    }

    /**
     * Applies a command from this offset. The first submission of an id creates a task that waits for the orchestrator,
     * and the first claim of an id gives the id to a pool. Other commands change nothing here: their effects are in the
     * facts.
     */
    public void seen(TaskCommand command, int partition, long offset) {
        if (command instanceof TaskCommand.ClaimTaskId claim
                && offset > store.position(Position.COMMANDS_SEEN, partition)
                && store.claimant(claim.taskId()) == null) {
            long number = store.position(Position.IDS_CLAIMED, partition) + 1;
            store.putClaim(number, claim.taskId(), claim.claimant());
            store.removeClaim(number - CLAIMS_KEPT);
            store.putPosition(Position.IDS_CLAIMED, partition, number);
        }
        if (command instanceof TaskCommand.SubmitTask submission
                // If decided but absent, the task was forgotten, or its submission was not the first.
                && offset > store.position(Position.COMMANDS_DECIDED, partition)
                && store.task(submission.task().taskId()) == null) {
            replace(null, TaskFold.provisional(submission));
        }
        passed(partition, offset);
    }

    /** Notes that the commands up to this offset are processed. */
    public void passed(int partition, long offset) {
        if (offset > store.position(Position.COMMANDS_SEEN, partition)) {
            store.putPosition(Position.COMMANDS_SEEN, partition, offset);
        }
    }

    private boolean apply(Fact fact, PoolFold pool) {
        return switch (fact.event()) {
            case ClusterEvent.PoolConfigured configured -> {
                pool.configured(configured.settings());
                yield true;
            }
            case ClusterEvent.OrchestratorStarted started -> {
                pool.started(started);
                yield true;
            }
            case ClusterEvent.ClockSetBack _ -> {
                pool.clockSetBack(fact.atMs());
                yield true;
            }
            case ClusterEvent.SchedulerRan _ -> true;
            case ClusterEvent.OfTask ofTask -> applyToTask(fact, ofTask, pool);
            case ClusterEvent.OfNode ofNode -> applyToNode(fact, ofNode, pool);
        };
    }

    private boolean applyToTask(Fact fact, ClusterEvent.OfTask event, PoolFold pool) {
        TaskView before = store.task(event.taskId());
        if (before != null && !before.task().pool().equals(fact.pool())) {
            return false;
        }
        TaskView after = TaskFold.apply(before, fact, event);
        if (after == null) {
            return false;
        }
        if (before != null && before.state().isFinal()) {
            oldestFinishedAtMs.remove(fact.pool()); // It may have been this task.
            store.removeHistory(event.taskId());
        }
        if (TaskFold.isRemembered(before, TaskStep.of(event, fact.atMs()))) {
            store.appendHistory(event.taskId(), fact);
        }
        replace(before, after);
        pool.task(before, after);
        pool.happened(event);
        account(before, after, event.energyMj(), fact.sequence());
        moveAllocations(fact, before, after, pool);
        return true;
    }

    /** Adds the result of a fact to the task's user. */
    private void account(@Nullable TaskView before, TaskView after, long energyMj, long sequence) {
        boolean ended =
                before != null && before.state().holdsGpus() && !after.state().holdsGpus();
        // A fact that fits and leads to a final state has just ended the task, or a new task with its id.
        boolean isOver = after.state().isFinal();
        if (energyMj == 0 && !ended && !isOver) {
            return;
        }
        UserView user = userOf(after).drew(energyMj, sequence);
        user = ended ? user.attemptEnded() : user;
        store.putUser(isOver ? user.taskOver(after.state()) : user);
    }

    /** Makes room for a new user. */
    private void makeRoom(PoolId pool) {
        int stored = usersStored.computeIfAbsent(pool, id -> store.users(id).size());
        if (stored >= USERS_KEPT) {
            List<UserView> users = store.users(pool).stream()
                    .sorted(LONGEST_UNCHANGED)
                    .limit(USERS_FORGOTTEN_AT_ONCE)
                    .toList();
            users.forEach(user -> store.removeUser(user.cursor()));
            stored -= users.size();
        }
        usersStored.put(pool, stored + 1);
    }

    /** Returns the totals of the task's user. The caller must store them: room is made for a new user. */
    private UserView userOf(TaskView task) {
        UserCursor cursor = new UserCursor(task.task().pool(), task.task().user());
        UserView user = store.user(cursor);
        if (user == null) {
            makeRoom(cursor.pool());
            return UserView.empty(cursor.pool(), cursor.user());
        }
        return user;
    }

    /**
     * Adds the energy that a silent node reports late, after its attempt was declared over. If the views have forgotten
     * the task, only its pool counts the energy.
     */
    private void accountLate(ClusterEvent.AllocationReleased event, Fact fact) {
        TaskView task =
                event.energyMj() == 0 ? null : store.task(event.attempt().taskId());
        boolean isItsTask = task != null
                && task.task().pool().equals(fact.pool())
                && task.attempt() >= event.attempt().number();
        if (task != null && isItsTask) {
            store.putTask(task.drew(event.energyMj()));
            store.putUser(userOf(task).drew(event.energyMj(), fact.sequence()));
        }
    }

    private boolean applyToNode(Fact fact, ClusterEvent.OfNode event, PoolFold pool) {
        NodeRecord before = store.node(event.nodeId());
        boolean foreign = before != null && !before.inventory().pool().equals(fact.pool());
        if (foreign && !(event instanceof ClusterEvent.NodeRegistered)) {
            return false;
        }
        NodeRecord after = NodeFold.apply(before, fact, event);
        if (after == null) {
            return false;
        }
        if (before != null && foreign) {
            leave(before, fact.atMs());
        }
        switch (event) {
            case ClusterEvent.NodeRegistered _ -> freeAll(event.nodeId(), pool);
            case ClusterEvent.AllocationReleased released -> {
                free(event.nodeId(), released.attempt(), pool);
                accountLate(released, fact);
            }
            case ClusterEvent.OfUpkeep _ -> {}
            case ClusterEvent.NodeConditionChanged _,
                    ClusterEvent.NodeSuspected _,
                    ClusterEvent.NodeRecovered _,
                    ClusterEvent.NodeLost _,
                    ClusterEvent.NodeFaulted _,
                    ClusterEvent.NodeShutDown _,
                    ClusterEvent.StrayStopped _ -> {}
        }
        pool.happened(event);
        pool.node(foreign ? null : before, after, fact.atMs());
        pool.away(awayOn(after) - (foreign ? 0 : awayOn(before)));
        store.putNode(after);
        remember(fact, event);
        return true;
    }

    private void remember(Fact fact, ClusterEvent.OfNode event) {
        if (NodeFold.isRemembered(event)) {
            long number = store.nodeFactsEver(event.nodeId());
            store.putNodeFact(event.nodeId(), number, fact);
            store.removeNodeFact(event.nodeId(), number - NODE_HISTORY_SIZE_MAX);
        }
    }

    /** Returns the allocation on a node that is not up, in thousandths of a GPU; 0 if it is up. */
    private long awayOn(@Nullable NodeRecord node) {
        if (node == null || node.state() == NodeState.UP) {
            return 0;
        }
        return store.holds(node.inventory().nodeId()).stream()
                .mapToLong(hold -> hold.allocation().totalGpuMilli())
                .sum();
    }

    /** Computes {@link PoolView#gpuMilliAway} of a view stored before it was counted, from the present allocations. */
    private PoolView counted(PoolView view) {
        if (view.gpuMilliAway() != null) {
            return view;
        }
        long away = store.allNodes().stream()
                .filter(node -> node.inventory().pool().equals(view.pool()))
                .mapToLong(this::awayOn)
                .sum();
        return view.withGpuMilliAway(away);
    }

    /** Removes a node that has registered in another pool from its old pool. */
    private void leave(NodeRecord node, long atMs) {
        store.removeNodeHistory(node.inventory().nodeId()); // The new pool counts its facts from 1 again.
        PoolView left = counted(poolOrEmpty(node.inventory().pool()));
        PoolFold pool = new PoolFold(left);
        freeAll(node.inventory().nodeId(), pool);
        pool.node(node, null, atMs);
        store.putPool(pool.build(left.order()));
    }

    private void moveAllocations(Fact fact, @Nullable TaskView before, TaskView after, PoolFold pool) {
        boolean held = before != null && before.state().holdsGpus();
        boolean holds = after.state().holdsGpus();
        if (before != null && held && !holds) {
            AttemptId ended = new AttemptId(before.task().taskId(), before.attempt());
            before.allocations().forEach(allocation -> end(before, ended, allocation, fact, pool));
        } else if (!held && holds) {
            AttemptId placed = new AttemptId(after.task().taskId(), after.attempt());
            after.allocations().forEach(allocation -> take(placed, allocation, fact, pool));
        }
    }

    private void take(AttemptId attempt, Allocation allocation, Fact fact, PoolFold pool) {
        NodeRecord node = nodeOf(allocation, fact.pool());
        if (node != null) {
            free(allocation.nodeId(), attempt, pool);
            store.putHold(allocation.nodeId(), new RunningTask(attempt, allocation, false));
            changed(node, allocation.totalGpuMilli(), pool);
        }
    }

    /**
     * Ends an attempt on a node. If the node may still run it, its allocation stays held until
     * {@link ClusterEvent.AllocationReleased} or {@link ClusterEvent.NodeRegistered}.
     */
    private void end(TaskView task, AttemptId attempt, Allocation allocation, Fact fact, PoolFold pool) {
        NodeRecord node = nodeOf(allocation, fact.pool());
        if (node == null || !task.mayRunOn(node)) {
            free(allocation.nodeId(), attempt, pool);
        } else if (store.hold(allocation.nodeId(), attempt) != null) {
            store.putHold(allocation.nodeId(), new RunningTask(attempt, allocation, true));
        }
    }

    private void freeAll(NodeId nodeId, PoolFold pool) {
        store.holds(nodeId).forEach(hold -> free(nodeId, hold.attempt(), pool));
    }

    private void free(NodeId nodeId, AttemptId attempt, PoolFold pool) {
        RunningTask hold = store.hold(nodeId, attempt);
        if (hold != null) {
            store.removeHold(nodeId, attempt);
            changed(store.node(nodeId), -hold.allocation().totalGpuMilli(), pool);
        }
    }

    private static void changed(@Nullable NodeRecord node, long gpuMilli, PoolFold pool) {
        pool.allocated(gpuMilli);
        if (node != null && node.state() != NodeState.UP) {
            pool.away(gpuMilli);
        }
    }

    /** Returns the node of an allocation; null if the node has restarted since, and so holds nothing of it. */
    private @Nullable NodeRecord nodeOf(Allocation allocation, PoolId pool) {
        NodeRecord node = store.node(allocation.nodeId());
        boolean meant = node != null
                && node.incarnation() == allocation.incarnation()
                && node.inventory().pool().equals(pool);
        return meant ? node : null;
    }

    private void replace(@Nullable TaskView before, @Nullable TaskView after) {
        List<String> keysBefore = TaskIndex.keys(before);
        List<String> keysAfter = TaskIndex.keys(after);
        for (String key : keysBefore) {
            if (!keysAfter.contains(key)) {
                store.removeIndexKey(key);
            }
        }
        for (String key : keysAfter) {
            if (!keysBefore.contains(key)) {
                store.putIndexKey(key);
            }
        }
        if (after != null) {
            store.putTask(after);
        }
    }

    /**
     * Removes the finished tasks that are too many or too old, in the order in which they ended. The orchestrator has
     * forgotten them by the same fact, or before.
     */
    private void forgetOldest(PoolFold pool, Fact fact) {
        int excess = Math.max(0, pool.finishedTasks() - pool.finishedTasksKept());
        if (excess == 0 && !mayHaveTooOld(pool, fact)) {
            return;
        }
        oldestFinishedAtMs.remove(fact.pool());
        String to = TaskIndex.finishedAfter(fact.pool(), Long.MAX_VALUE);
        int batch = Math.max(1, excess);
        int forgotten = 0;
        while (forgotten < PoolSettings.FORGOTTEN_PER_FACT_MAX) {
            // Not from the beginning: a store on disk is slow to skip deleted keys.
            String from = TaskIndex.finishedAfter(fact.pool(), pool.forgottenSequence());
            List<String> keys =
                    store.indexKeys(from, to, Math.min(batch, PoolSettings.FORGOTTEN_PER_FACT_MAX - forgotten));
            for (String key : keys) {
                TaskView view = finished(key);
                if (forgotten >= excess && !pool.isTooOld(finishedAtMs(view), fact.atMs())) {
                    oldestFinishedAtMs.put(fact.pool(), finishedAtMs(view));
                    return;
                }
                forget(view, pool);
                forgotten++;
            }
            if (keys.isEmpty() || !pool.limitsAge()) {
                return;
            }
            batch *= 2;
        }
    }

    /** Returns false if the oldest finished task of the pool is known, and is not too old. */
    private boolean mayHaveTooOld(PoolFold pool, Fact fact) {
        if (!pool.limitsAge() || pool.finishedTasks() == 0) {
            return false;
        }
        Long oldestAtMs = oldestFinishedAtMs.get(fact.pool());
        return oldestAtMs == null || pool.isTooOld(oldestAtMs, fact.atMs());
    }

    private TaskView finished(String key) {
        TaskView view = store.task(TaskIndex.taskId(key));
        if (view == null) {
            throw new IllegalStateException("The index has " + key + ", but this task does not exist");
        }
        return view;
    }

    private static long finishedAtMs(TaskView view) {
        return Objects.requireNonNull(view.finishedAtMs());
    }

    private void forget(TaskView view, PoolFold pool) {
        replace(view, null);
        store.removeTask(view.task().taskId());
        store.removeHistory(view.task().taskId());
        pool.forgotten(view);
    }

    private void decided(Cause cause) {
        if (cause.source().equals(COMMANDS)
                && cause.offset() > store.position(Position.COMMANDS_DECIDED, cause.partition())) {
            store.putPosition(Position.COMMANDS_DECIDED, cause.partition(), cause.offset());
        }
    }

    private PoolView poolOrEmpty(PoolId pool) {
        PoolView view = store.pool(pool);
        return view == null ? PoolView.empty(pool) : view;
    }
}
