package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.TaskLife;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.TaskStep;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks which event may follow a state: for tasks by the table of {@link TaskLife}, and by rules that need more than
 * the task's state. Each method throws {@link IllegalStateException} for an illegal event, and changes nothing.
 */
final class Legality {
    private static final Set<Member.Phase> PLACED = EnumSet.of(Member.Phase.PLACED);
    private static final Set<Member.Phase> STARTED = EnumSet.of(Member.Phase.STARTED);
    private static final Set<Member.Phase> RUNNING = EnumSet.of(Member.Phase.PLACED, Member.Phase.STARTED);
    private static final Set<Member.Phase> BEGUN = EnumSet.of(Member.Phase.STARTED, Member.Phase.COMPLETED);
    private static final Set<Member.Phase> COMPLETED = EnumSet.of(Member.Phase.COMPLETED);
    private static final Set<Member.Phase> OVER = EnumSet.complementOf(EnumSet.copyOf(RUNNING));
    private static final Set<NodeState> UP = EnumSet.of(NodeState.UP);
    private static final Set<NodeState> SUSPECT = EnumSet.of(NodeState.SUSPECT);
    private static final Set<NodeState> SILENT = EnumSet.of(NodeState.SUSPECT, NodeState.LOST);
    private static final Set<NodeState> NOT_DOWN = EnumSet.complementOf(EnumSet.of(NodeState.DOWN));

    private Legality() {}

    /**
     * Returns the state of a task after the event.
     *
     * @param task the task; null if the pool has no such task, or the task is finished
     * @param gone the task if it is finished; otherwise null
     */
    static TaskState next(
            @Nullable TaskRecord task, @Nullable FinishedTask gone, ClusterEvent.OfTask event, long atMs) {
        TaskStep step = TaskStep.of(event, atMs);
        TaskState before = task != null ? task.state() : gone != null ? gone.state() : null;
        TaskState next = TaskLife.next(before, step);
        if (next == null) {
            throw new IllegalStateException("task %s is %s, but must be %s"
                    .formatted(event.taskId(), before == null ? "unknown" : before, allowedBefore(step)));
        }
        if (task != null && !step.fits(task.attempt(), event.attempt())) {
            throw new IllegalStateException("task %s is at attempt %d, but the fact names attempt %d"
                    .formatted(task.id(), task.attempt(), event.attempt()));
        }
        return next;
    }

    private static String allowedBefore(TaskStep step) {
        Set<TaskState> states = TaskLife.statesBefore(step);
        return states.isEmpty() ? "unknown" : "one of " + states;
    }

    /** Requires that all nodes of the task have started it. */
    static void requireBegun(TaskRecord task) {
        requireMembers(task, BEGUN);
    }

    /** Requires that all nodes of the task have completed their part. */
    static void requireCompleted(TaskRecord task) {
        requireMembers(task, COMPLETED);
    }

    /**
     * Requires that the task was preempted for this reason, and that all its nodes have reported that they no longer
     * run it.
     */
    static void requireAnswered(TaskRecord task, EndReason reason) {
        if (task.preemptReason() != reason) {
            throw new IllegalStateException("task %s is %s, preempted for %s, but not for %s"
                    .formatted(task.id(), task.state(), String.valueOf(task.preemptReason()), reason));
        }
        requireMembers(task, OVER);
    }

    private static void requireMembers(TaskRecord task, Set<Member.Phase> phases) {
        for (Member member : task.members()) {
            if (!phases.contains(member.phase())) {
                throw new IllegalStateException("the part of %s on node %s is %s, but must be one of %s"
                        .formatted(task.currentAttempt(), member.nodeId(), member.phase(), phases));
            }
        }
    }

    static void requireDue(TaskRecord task, long atMs) {
        if (task.eligibleAtMs() > atMs) {
            throw new IllegalStateException("task %s is due at %d".formatted(task.id(), task.eligibleAtMs()));
        }
    }

    /** Returns the index of the node's member, which may start its part. */
    static int startingMember(TaskRecord task, NodeId nodeId) {
        return member(task, nodeId, PLACED);
    }

    /** Returns the index of the node's member, which may save its part. */
    static int savingMember(TaskRecord task, NodeId nodeId) {
        return member(task, nodeId, STARTED);
    }

    /** Returns the index of the node's member, which may end its part. */
    static int endingMember(TaskRecord task, NodeId nodeId, boolean completed) {
        return member(task, nodeId, completed ? STARTED : RUNNING);
    }

    private static int member(TaskRecord task, NodeId nodeId, Set<Member.Phase> phases) {
        int index = task.memberIndex(nodeId);
        Member member = index < 0 ? null : task.members().get(index);
        if (member == null || !phases.contains(member.phase())) {
            throw new IllegalStateException("the part of %s#%d on node %s is %s, but must be one of %s"
                    .formatted(task.id(), task.attempt(), nodeId, member == null ? "none" : member.phase(), phases));
        }
        return index;
    }

    static void requirePlaceable(Node node, Allocation allocation) {
        if (node.incarnation() != allocation.incarnation() || node.state() != NodeState.UP) {
            throw new IllegalStateException(
                    "node %s is %s in incarnation %d".formatted(node.id(), node.state(), node.incarnation()));
        }
        if (node.isCordoned() || isAnyOut(node, allocation)) {
            throw new IllegalStateException(
                    "node %s is cordoned, or the GPU is out of service: %s".formatted(node.id(), node.upkeep()));
        }
    }

    private static boolean isAnyOut(Node node, Allocation allocation) {
        for (int gpu : allocation.gpus()) {
            if (node.isOut(gpu)) {
                return true;
            }
        }
        return false;
    }

    /** Requires a later start of the node, or a start with a lower number because the node's clock was set back. */
    static void requireNewStart(Node node, ClusterEvent.NodeRegistered event) {
        if (event.incarnation() <= node.incarnation() && !isReplaced(node, event)) {
            throw new IllegalStateException("node %s is in incarnation %d".formatted(node.id(), node.incarnation()));
        }
    }

    private static boolean isReplaced(Node node, ClusterEvent.NodeRegistered event) {
        boolean isGone = node.state() == NodeState.LOST || node.state() == NodeState.DOWN;
        return isGone && event.insteadOf() == node.incarnation() && event.incarnation() < node.incarnation();
    }

    static void requireFitting(Node node, NodeCondition condition) {
        if (condition.gpus().size() != node.gpuCount()) {
            throw new IllegalStateException("node %s has %d GPUs".formatted(node.id(), node.gpuCount()));
        }
    }

    static void requireUp(Node node) {
        requireState(node, UP);
    }

    static void requireSuspect(Node node) {
        requireState(node, SUSPECT);
    }

    static void requireSilent(Node node) {
        requireState(node, SILENT);
    }

    static void requireNotDown(Node node) {
        requireState(node, NOT_DOWN);
    }

    private static void requireState(Node node, Set<NodeState> states) {
        if (!states.contains(node.state())) {
            throw new IllegalStateException(
                    "node %s is %s, but must be one of %s".formatted(node.id(), node.state(), states));
        }
    }

    static void requireEmpty(Node node) {
        if (!node.held().isEmpty()) {
            throw new IllegalStateException("node %s holds %s".formatted(node.id(), node.held()));
        }
    }
}
