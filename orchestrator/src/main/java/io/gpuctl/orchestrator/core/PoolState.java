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
 * The state of one pool: the fold over its facts. {@link #apply} is the only thing that changes it, in place; nobody
 * else may hold on to what it returns. Not thread-safe.
 *
 * <p>A fact that is not legal throws {@link IllegalFactException}, and leaves a state that must be thrown away.
 */
public final class PoolState {
    private final PoolId pool;
    private long sequence;
    private long lastAtMs;
    private @Nullable PoolSettings settings;
    private ReaderVersion readerVersion = ReaderVersion.FIRST;
    private final Nodes nodes = new Nodes();
    private final Map<TaskId, TaskRecord> tasks = new LinkedHashMap<>();
    private final NavigableSet<QueueEntry> queue = new TreeSet<>();
    private final NavigableSet<Retry> retries = new TreeSet<>();
    /** In the order in which they finished. */
    private final Map<TaskId, FinishedTask> finished = new LinkedHashMap<>();

    private final CordonedNodes cordoned = new CordonedNodes();
    private final Changes changes = new Changes();

    /** A task that backs off; the earliest due first. */
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
        this.pool = pool;
    }

    /** A state as it was stored. {@code finishedTasks} may come in any order. */
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
            // A node that went down or started anew has forgotten it, before the task's own end in a fact of its own.
            if (node != null && node.state() != NodeState.DOWN && node.incarnation() == allocation.incarnation()) {
                node.restore(task.currentAttempt(), allocation);
            }
        }
    }

    /**
     * Folds one fact in.
     *
     * @throws IllegalFactException if it is not the next in sequence or not legal here
     */
    public void apply(Fact fact) {
        if (fact.sequence() != sequence + 1 || !fact.pool().equals(pool)) {
            throw new IllegalFactException(fact, "the next must be %d of %s".formatted(sequence + 1, pool));
        }
        if (fact.atMs() < lastAtMs && !(fact.event() instanceof ClusterEvent.ClockSetBack)) {
            throw new IllegalFactException(fact, "its time %d is before %d".formatted(fact.atMs(), lastAtMs));
        }
        long beforeMs = lastAtMs;
        sequence = fact.sequence();
        lastAtMs = fact.atMs();
        try {
            change(fact.event(), beforeMs);
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
            throw new IllegalStateException("the pool's time is %d".formatted(beforeMs));
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
            // Legal only if there is no such task.
            case ClusterEvent.TaskSubmitted _, ClusterEvent.TaskRejected _ ->
                throw new IllegalStateException("task %s exists".formatted(task.id()));
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
                    throw new IllegalStateException(e.attempt() + " holds nothing there");
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
        tasks.put(task.id(), task.withMember(index, member.in(phase, progressMs)));
        changes.member(task.id(), index);
    }

    /**
     * A silent node may still run the attempt, and so may the others of a gang that ends because of one: what it holds there
     * is released once the node has said otherwise.
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

    /** Up to here it was stored with the task; the task holds nothing any more. */
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
            case QUEUED -> queue.add(QueueEntry.of(task));
            case BACKING_OFF -> retries.add(Retry.of(task));
            case PLACED, RUNNING, PREEMPTING, CANCELLING -> {}
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
        }
        changes.task(taskId);
        remember(taskId, state);
    }

    private void remember(TaskId taskId, TaskState state) {
        finished.put(taskId, new FinishedTask(taskId, state, sequence));
        changes.finished(taskId);
        int kept = settings().finishedTasksKept();
        Iterator<TaskId> oldest = finished.keySet().iterator();
        while (finished.size() > kept) {
            TaskId forgotten = oldest.next();
            oldest.remove();
            changes.finished(forgotten);
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

    /** Throws {@link IllegalStateException} before the first fact, which sets them. */
    public PoolSettings settings() {
        if (settings == null) {
            throw new IllegalStateException("pool %s is not configured yet".formatted(pool));
        }
        return settings;
    }

    public @Nullable Node node(NodeId nodeId) {
        return nodes.find(nodeId);
    }

    /** By id. */
    public Nodes nodes() {
        return nodes;
    }

    /** A task that is not finished; null if there is no such. */
    public @Nullable TaskRecord task(TaskId taskId) {
        return tasks.get(taskId);
    }

    /** Those that are not finished, in no order that decisions may rest on. */
    public Collection<TaskRecord> tasks() {
        return Collections.unmodifiableCollection(tasks.values());
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

    NavigableSet<QueueEntry> queue() {
        return Collections.unmodifiableNavigableSet(queue);
    }

    /** The task that backs off and is due first, if it is due by then. */
    @Nullable
    TaskId retryDueBy(long atMs) {
        return retries.isEmpty() || retries.first().eligibleAtMs() > atMs
                ? null
                : retries.first().taskId();
    }

    /** When the first of those that back off is due: whoever lets time pass need not call before. */
    public OptionalLong nextRetryAtMs() {
        return retries.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(retries.first().eligibleAtMs());
    }

    /** The node whose cordon ends by itself first, if that is by then. */
    @Nullable
    NodeId cordonEndedBy(long atMs) {
        return cordoned.endedBy(atMs);
    }

    /** When the first cordon ends by itself: whoever lets time pass need not call before. */
    public OptionalLong nextCordonEndMs() {
        return cordoned.nextEndMs();
    }

    /** Nodes that are drained and were not empty yet, by id. */
    List<NodeId> draining() {
        return cordoned.draining();
    }

    /** Those that back off, the earliest due first. */
    List<TaskId> backingOff() {
        return retries.stream().map(Retry::taskId).toList();
    }

    /** Tasks that hold GPUs on the node. */
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

    /** A copy of all of it: takes time in proportion to the state. */
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

    /** What has changed since it was asked last, for whoever stores the state. */
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
