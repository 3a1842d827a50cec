package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of one pool: the fold over its facts. Only {@link #apply} changes it, in place; callers must not keep the
 * mutable objects that it returns. Not thread-safe.
 *
 * <p>An illegal fact throws {@link IllegalFactException}; the state must then be discarded.
 */
public final class PoolState {
    private final PoolId pool;
    private long sequence;
    private long lastAtMs;
    private @Nullable PoolSettings settings;
    private ReaderVersion readerVersion = ReaderVersion.FIRST;
    private final Nodes nodes = new Nodes();
    private final Map<TaskId, TaskRecord> tasks = new LinkedHashMap<>();
    /** The tasks that hold GPUs: a part of {@code tasks}. */
    private final Map<TaskId, TaskRecord> holders = new LinkedHashMap<>();

    private final NavigableSet<QueueEntry> queue = new TreeSet<>();
    private final NavigableSet<Retry> retries = new TreeSet<>();
    /** The finished tasks, in the order in which they finished. */
    private final Map<TaskId, FinishedTask> finished = new LinkedHashMap<>();

    private final CordonedNodes cordoned = new CordonedNodes();
    private final Changes changes;

    /** A task that backs off; the earliest due comes first. */
    private record Retry(long eligibleAtMs, long submitSequence, TaskId taskId) implements Comparable<Retry> {
        static Retry of(TaskRecord task) {
            return new Retry(task.eligibleAtMs(), task.submitSequence(), task.id());
        }

        @Override
        public int compareTo(Retry other) {
            int byTime = Long.compare(eligibleAtMs, other.eligibleAtMs);
            return byTime != 0 ? byTime : Long.compare(submitSequence, other.submitSequence);
        }
    }

    public PoolState(PoolId pool) {
        this(pool, new Changes(true));
    }

    private PoolState(PoolId pool, Changes changes) {
        this.pool = pool;
        this.changes = changes;
    }

    /** Returns an empty state for a caller that will not store it: {@link #drainChanges} returns no changes. */
    public static PoolState unstored(PoolId pool) {
        return new PoolState(pool, new Changes(false));
    }

    /** Restores a stored state. {@code finishedTasks} may come in any order. */
    public static PoolState restore(
            PoolHeader header,
            Collection<NodeSnapshot> nodes,
            Collection<TaskRecord> tasks,
            Collection<FinishedTask> finishedTasks) {
        PoolState state = new PoolState(header.pool());
        state.sequence = header.sequence();
        state.lastAtMs = header.lastAtMs();
        state.settings = header.settings();
        state.readerVersion = header.readerVersion();
        nodes.forEach(snapshot -> {
            Node node = Node.restore(snapshot);
            state.nodes.put(node);
            state.cordoned.update(node);
        });
        tasks.forEach(task -> {
            state.put(task);
            state.restoreHolds(task);
        });
        finishedTasks.stream()
                .sorted((a, b) -> Long.compare(a.sequence(), b.sequence()))
                .forEach(task -> state.finished.put(task.taskId(), task));
        state.changes.clear();
        return state;
    }

    private void restoreHolds(TaskRecord task) {
        for (Allocation allocation : task.allocations()) {
            Node node = nodes.find(allocation.nodeId());
            // A node that shut down or restarted holds nothing, even if the fact that ends the task's attempt is still
            // to come.
            if (node != null && node.state() != NodeState.DOWN && node.incarnation() == allocation.incarnation()) {
                node.restore(task.currentAttempt(), allocation);
            }
        }
    }

    /**
     * Folds one fact into the state.
     *
     * @throws IllegalFactException if the fact is not the next in sequence, or is not legal in this state
     */
    public void apply(Fact fact) {
        if (fact.sequence() != sequence + 1 || !fact.pool().equals(pool)) {
            throw new IllegalFactException(
                    fact, "the next fact must be number %d of pool %s".formatted(sequence + 1, pool));
        }
        if (fact.atMs() < lastAtMs && !(fact.event() instanceof ClusterEvent.ClockSetBack)) {
            throw new IllegalFactException(fact, "its time %d is before %d".formatted(fact.atMs(), lastAtMs));
        }
        long beforeMs = lastAtMs;
        sequence = fact.sequence();
        lastAtMs = fact.atMs();
        try {
            change(fact.event(), beforeMs);
            forgetTooOld();
        } catch (IllegalFactException e) {
            throw e;
        } catch (IllegalStateException | IndexOutOfBoundsException e) {
            throw new IllegalFactException(fact, e);
        }
    }

    private void change(ClusterEvent event, long beforeMs) {
        switch (event) {
            case ClusterEvent.PoolConfigured e -> settings = e.settings();
            case ClusterEvent.ClockSetBack e -> setClockBack(e, beforeMs);
            case ClusterEvent.OrchestratorStarted e -> readerVersion = readerVersion.orNewer(e.readerVersion());
            case ClusterEvent.SchedulerRan e -> {}
            case ClusterEvent.OfTask e -> changeTask(e);
            case ClusterEvent.OfNode e -> changeNode(e);
        }
    }

    private void setClockBack(ClusterEvent.ClockSetBack event, long beforeMs) {
        if (event.fromMs() != beforeMs || lastAtMs > beforeMs) {
            throw new IllegalStateException("the time of the pool before this fact is %d".formatted(beforeMs));
        }
        ClockShift shift = new ClockShift(beforeMs, lastAtMs);
        for (TaskRecord task : List.copyOf(tasks.values())) {
            TaskRecord shifted = task.shifted(shift);
            if (!shifted.equals(task)) {
                put(shifted);
            }
        }
        for (Node node : nodes) {
            if (node.shift(shift)) {
                cordoned.update(node);
                changes.node(node.id());
            }
        }
    }

    private void changeTask(ClusterEvent.OfTask event) {
        TaskRecord before = tasks.get(event.taskId());
        FinishedTask gone = before == null ? finished.get(event.taskId()) : null;
        TaskState next = Legality.next(before, gone, event, lastAtMs);
        switch (event) {
            case ClusterEvent.TaskSubmitted e -> put(TaskRecord.submitted(e.task(), sequence, lastAtMs));
            case ClusterEvent.TaskRejected e -> remember(e.taskId(), next);
            case ClusterEvent.OfTask e -> changeTask(Objects.requireNonNull(before), next, e);
        }
    }

    private void changeTask(TaskRecord task, TaskState next, ClusterEvent.OfTask event) {
        switch (event) {
            // Legal only if the task does not exist.
            case ClusterEvent.TaskSubmitted _, ClusterEvent.TaskRejected _ ->
                throw new IllegalStateException("task %s already exists".formatted(task.id()));
            case ClusterEvent.PendingReasonChanged e -> put(task.waitingFor(e.reason(), lastAtMs));
            case ClusterEvent.TaskPlaced e -> place(task, e);
            case ClusterEvent.MemberStarted e ->
                changeMember(task, Legality.startingMember(task, e.nodeId()), Member.Phase.STARTED, 0);
            case ClusterEvent.MemberCheckpointed e ->
                changeMember(task, Legality.savingMember(task, e.nodeId()), Member.Phase.STARTED, e.progressMs());
            case ClusterEvent.MemberEnded e -> {
                Member.Phase phase = e.completed() ? Member.Phase.COMPLETED : Member.Phase.STOPPED;
                changeMember(task, Legality.endingMember(task, e.nodeId(), e.completed()), phase, e.progressMs());
            }
            case ClusterEvent.TaskStarted _ -> {
                Legality.requireBegun(task);
                put(task.started(lastAtMs));
            }
            case ClusterEvent.TaskCheckpointed e -> put(task.checkpointed(e.progressMs(), lastAtMs));
            case ClusterEvent.TaskCompleted _ -> {
                Legality.requireCompleted(task);
                release(task);
                finish(task.id(), next);
            }
            case ClusterEvent.PreemptRequested e -> put(task.preempting(e.reason()));
            case ClusterEvent.TaskRequeued e -> {
                if (e.reason().wasRequested()) {
                    Legality.requireAnswered(task, e.reason());
                }
                endAttempt(task, e.reason());
                put(task.requeued(e.reason(), e.eligibleAtMs(), lastAtMs));
            }
            case ClusterEvent.RetryDue _ -> {
                Legality.requireDue(task, lastAtMs);
                put(task.retryDue(lastAtMs));
            }
            case ClusterEvent.TaskFailed e -> {
                endAttempt(task, e.reason());
                finish(task.id(), next);
            }
            case ClusterEvent.CancelRequested _ -> put(task.cancelling());
            case ClusterEvent.TaskCancelled _ -> cancel(task, next);
        }
    }

    private void changeNode(ClusterEvent.OfNode event) {
        switch (event) {
            case ClusterEvent.NodeRegistered e -> register(e);
            case ClusterEvent.NodeConditionChanged e -> {
                Node node = require(e.nodeId());
                Legality.requireFitting(node, e.condition());
                node.setCondition(e.condition());
            }
            case ClusterEvent.NodeSuspected e -> {
                Node node = require(e.nodeId());
                Legality.requireUp(node);
                node.setState(NodeState.SUSPECT);
            }
            case ClusterEvent.NodeRecovered e -> {
                Node node = require(e.nodeId());
                Legality.requireSilent(node);
                node.setState(NodeState.UP);
            }
            case ClusterEvent.NodeLost e -> {
                Node node = require(e.nodeId());
                Legality.requireSuspect(node);
                node.setState(NodeState.LOST);
            }
            case ClusterEvent.NodeShutDown e -> {
                Node node = require(e.nodeId());
                Legality.requireNotDown(node);
                node.clear();
                node.setState(NodeState.DOWN);
            }
            case ClusterEvent.AllocationReleased e -> {
                if (require(e.nodeId()).release(e.attempt()) == null) {
                    throw new IllegalStateException(e.attempt() + " holds nothing on the node");
                }
            }
            case ClusterEvent.NodeFaulted e -> require(e.nodeId());
            case ClusterEvent.StrayStopped e -> require(e.nodeId());
            case ClusterEvent.NodeDrained e -> {
                Legality.requireEmpty(require(e.nodeId()));
                changeUpkeep(e);
            }
            case ClusterEvent.OfUpkeep e -> changeUpkeep(e);
        }
        changes.node(event.nodeId());
    }

    private void changeUpkeep(ClusterEvent.OfUpkeep event) {
        Node node = require(event.nodeId());
        node.change(event, lastAtMs, settings().health());
        cordoned.update(node);
    }

    private void register(ClusterEvent.NodeRegistered event) {
        Node node = nodes.find(event.nodeId());
        if (node == null) {
            nodes.put(new Node(event.inventory(), event.incarnation()));
        } else {
            Legality.requireNewStart(node, event);
            node.restart(event.inventory(), event.incarnation());
        }
    }

    private void place(TaskRecord task, ClusterEvent.TaskPlaced event) {
        AttemptId attempt = new AttemptId(event.taskId(), event.attempt());
        for (Allocation allocation : event.allocations()) {
            Node node = require(allocation.nodeId());
            Legality.requirePlaceable(node, allocation);
            node.hold(attempt, allocation);
        }
        put(task.placed(event.attempt(), event.allocations()));
    }

    private void changeMember(TaskRecord task, int index, Member.Phase phase, long progressMs) {
        Member member = task.members().get(index);
        TaskRecord changed = task.withMember(index, member.in(phase, progressMs));
        tasks.put(task.id(), changed);
        holders.put(task.id(), changed);
        changes.member(task.id(), index);
    }

    /**
     * Ends the task's current attempt. A lost node may still run the attempt, and so may the other nodes of a gang;
     * they keep their holds until they report the end.
     */
    private void endAttempt(TaskRecord task, EndReason reason) {
        if (!task.members().isEmpty()) {
            endGang(task);
            return;
        }
        switch (reason) {
            case NODE_LOST -> leaveUnreleased(task);
            case TASK_FAILED, NODE_RESTARTED, NODE_SHUT_DOWN, ATTEMPT_LOST, PREEMPTED, HARDWARE_FAULT, NODE_DRAINED ->
                release(task);
        }
    }

    private void release(TaskRecord task) {
        for (Allocation allocation : task.allocations()) {
            require(allocation.nodeId()).release(task.currentAttempt());
        }
    }

    /** Marks the nodes as changed: their holds were stored with the task, which no longer holds anything. */
    private void leaveUnreleased(TaskRecord task) {
        task.allocations().forEach(allocation -> changes.node(allocation.nodeId()));
    }

    private void endGang(TaskRecord task) {
        for (Member member : task.members()) {
            if (member.isOver()) {
                require(member.nodeId()).release(task.currentAttempt());
            } else {
                changes.node(member.nodeId());
            }
        }
    }

    private void cancel(TaskRecord task, TaskState next) {
        if (task.members().isEmpty()) {
            releaseUnlessLost(task);
        } else {
            endGang(task);
        }
        finish(task.id(), next);
    }

    private void releaseUnlessLost(TaskRecord task) {
        for (Allocation allocation : task.allocations()) {
            Node node = require(allocation.nodeId());
            if (node.state() == NodeState.LOST) {
                changes.node(node.id());
            } else {
                node.release(task.currentAttempt());
            }
        }
    }

    private void put(TaskRecord task) {
        TaskRecord before = tasks.put(task.id(), task);
        if (before != null) {
            unlist(before);
        }
        switch (task.state()) {
            case QUEUED -> {
                queue.add(QueueEntry.of(task));
                holders.remove(task.id());
            }
            case BACKING_OFF -> {
                retries.add(Retry.of(task));
                holders.remove(task.id());
            }
            case PLACED, RUNNING, PREEMPTING, CANCELLING -> holders.put(task.id(), task);
            case COMPLETED, FAILED, CANCELLED, REJECTED ->
                throw new IllegalStateException(task.id() + " is finished: " + task.state());
        }
        changes.task(task.id());
    }

    private void unlist(TaskRecord task) {
        if (task.state() == TaskState.QUEUED) {
            queue.remove(QueueEntry.of(task));
        } else if (task.state() == TaskState.BACKING_OFF) {
            retries.remove(Retry.of(task));
        }
    }

    private void finish(TaskId taskId, TaskState state) {
        TaskRecord task = tasks.remove(taskId);
        if (task != null) {
            unlist(task);
            holders.remove(taskId);
        }
        changes.task(taskId);
        remember(taskId, state);
    }

    private void remember(TaskId taskId, TaskState state) {
        finished.put(taskId, FinishedTask.under(settings(), taskId, state, sequence, lastAtMs));
        changes.finished(taskId);
        int kept = settings().finishedTasksKept();
        if (finished.size() <= kept) {
            return;
        }
        Iterator<TaskId> oldest = finished.keySet().iterator();
        while (finished.size() > kept) {
            TaskId forgotten = oldest.next();
            oldest.remove();
            changes.finished(forgotten);
        }
    }

    /**
     * Forgets the finished tasks that are too old. The views forget by the same facts and times, but never earlier: the
     * id of a task that they no longer have must be free.
     */
    private void forgetTooOld() {
        if (settings == null || settings.finishedTasksKeptMs() == 0) {
            return;
        }
        Iterator<FinishedTask> oldest = finished.values().iterator();
        for (int i = 0; i < PoolSettings.FORGOTTEN_PER_FACT_MAX && oldest.hasNext(); i++) {
            FinishedTask task = oldest.next();
            if (!settings.isTooOld(task.atMs(), lastAtMs)) {
                return;
            }
            oldest.remove();
            changes.finished(task.taskId());
        }
    }

    private Node require(NodeId nodeId) {
        Node node = nodes.find(nodeId);
        if (node == null) {
            throw new IllegalStateException("node %s is unknown".formatted(nodeId));
        }
        return node;
    }

    public PoolId pool() {
        return pool;
    }

    public long sequence() {
        return sequence;
    }

    /** Time of the newest fact, ms of cluster time. */
    public long lastAtMs() {
        return lastAtMs;
    }

    public boolean isConfigured() {
        return settings != null;
    }

    /** Returns the settings. Throws {@link IllegalStateException} before the pool is configured. */
    public PoolSettings settings() {
        if (settings == null) {
            throw new IllegalStateException("pool %s is not configured yet".formatted(pool));
        }
        return settings;
    }

    public @Nullable Node node(NodeId nodeId) {
        return nodes.find(nodeId);
    }

    /** Returns the nodes, in the order of their ids. */
    public Nodes nodes() {
        return nodes;
    }

    /** Returns an unfinished task; null if there is none with this id. */
    public @Nullable TaskRecord task(TaskId taskId) {
        return tasks.get(taskId);
    }

    /** Returns the unfinished tasks. Decisions must not depend on their order. */
    public Collection<TaskRecord> tasks() {
        return Collections.unmodifiableCollection(tasks.values());
    }

    /** Returns the tasks that hold GPUs. Decisions must not depend on their order. */
    Collection<TaskRecord> holders() {
        return Collections.unmodifiableCollection(holders.values());
    }

    public Collection<FinishedTask> finished() {
        return Collections.unmodifiableCollection(finished.values());
    }

    public boolean isKnown(TaskId taskId) {
        return tasks.containsKey(taskId) || finished.containsKey(taskId);
    }

    public int queueLength() {
        return queue.size();
    }

    /** Returns the first task of the queue; null if no task is queued. */
    @Nullable
    QueueEntry firstQueued() {
        return queue.isEmpty() ? null : queue.first();
    }

    NavigableSet<QueueEntry> queue() {
        return Collections.unmodifiableNavigableSet(queue);
    }

    /** Returns the task whose retry is due first, if the retry is due at or before the time. */
    @Nullable
    TaskId retryDueBy(long atMs) {
        return retries.isEmpty() || retries.first().eligibleAtMs() > atMs
                ? null
                : retries.first().taskId();
    }

    /** Returns when the first retry is due, ms of cluster time: a caller that controls time need not call earlier. */
    public OptionalLong nextRetryAtMs() {
        return retries.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(retries.first().eligibleAtMs());
    }

    /** Returns the node whose cordon automatically ends first, if the cordon ends at or before the time. */
    @Nullable
    NodeId cordonEndedBy(long atMs) {
        return cordoned.endedBy(atMs);
    }

    /**
     * Returns when the first cordon automatically ends, ms of cluster time: a caller that controls time need not call
     * earlier.
     */
    public OptionalLong nextCordonEndMs() {
        return cordoned.nextEndMs();
    }

    /** Returns the nodes that are being drained and still hold something, by id. */
    List<NodeId> draining() {
        return cordoned.draining();
    }

    /** Returns whether the node is being drained and still holds something. */
    boolean isDraining(NodeId nodeId) {
        return cordoned.isDraining(nodeId);
    }

    /** Returns the tasks that back off, the earliest due first. */
    List<TaskId> backingOff() {
        return retries.stream().map(Retry::taskId).toList();
    }

    /** Returns the tasks that hold GPUs on the node. */
    Collection<TaskRecord> tasksOn(Node node) {
        Map<TaskId, TaskRecord> found = new LinkedHashMap<>();
        for (AttemptId attempt : node.held().keySet()) {
            TaskRecord task = tasks.get(attempt.taskId());
            if (task != null && task.isCurrent(attempt)) {
                found.put(task.id(), task);
            }
        }
        return found.values();
    }

    /** Returns a copy of the whole state. Takes time in proportion to its size. */
    public PoolSnapshot snapshot() {
        SortedMap<NodeId, NodeSnapshot> nodesById = new TreeMap<>();
        nodes.forEach(node -> nodesById.put(node.id(), snapshot(node)));
        return new PoolSnapshot(header(), nodesById, new TreeMap<>(tasks), List.copyOf(finished.values()));
    }

    NodeSnapshot snapshot(Node node) {
        return node.snapshot(attempt -> {
            TaskRecord task = tasks.get(attempt.taskId());
            return task == null || !task.isCurrent(attempt);
        });
    }

    PoolHeader header() {
        return new PoolHeader(pool, sequence, lastAtMs, settings, readerVersion);
    }

    /** Returns what has changed since the last call, so that the caller can store it. */
    public StateChange drainChanges() {
        SortedMap<NodeId, NodeSnapshot> changedNodes = new TreeMap<>();
        for (NodeId nodeId : changes.nodes()) {
            Node node = nodes.find(nodeId);
            if (node != null) {
                changedNodes.put(nodeId, snapshot(node));
            }
        }
        SortedMap<TaskId, SortedSet<Integer>> changedMembers = changes.members();
        SortedMap<TaskId, Optional<TaskRecord>> changedTasks = new TreeMap<>();
        changedMembers.keySet().forEach(taskId -> changedTasks.put(taskId, Optional.ofNullable(tasks.get(taskId))));
        changes.tasks().forEach(taskId -> changedTasks.put(taskId, Optional.ofNullable(tasks.get(taskId))));
        SortedMap<TaskId, Optional<FinishedTask>> changedFinished = new TreeMap<>();
        changes.finished().forEach(taskId -> changedFinished.put(taskId, Optional.ofNullable(finished.get(taskId))));
        changes.clear();
        return new StateChange(header(), changedNodes, changedTasks, changedMembers, changedFinished);
    }

    @Nullable
    FinishedTask finishedTask(TaskId taskId) {
        return finished.get(taskId);
    }
}
