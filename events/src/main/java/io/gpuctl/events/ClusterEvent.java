package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What happened, as the orchestrator saw or decided it: the payload of a {@link Fact}. The state of a pool is the fold
 * over these. Topic {@code cluster-events}, written by the orchestrator alone.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ClusterEvent.OrchestratorStarted.class, name = "orchestrator_started"),
    @JsonSubTypes.Type(value = ClusterEvent.PoolConfigured.class, name = "pool_configured"),
    @JsonSubTypes.Type(value = ClusterEvent.ClockSetBack.class, name = "clock_set_back"),
    @JsonSubTypes.Type(value = ClusterEvent.TaskSubmitted.class, name = "task_submitted"),
    @JsonSubTypes.Type(value = ClusterEvent.TaskRejected.class, name = "task_rejected"),
    @JsonSubTypes.Type(value = ClusterEvent.PendingReasonChanged.class, name = "pending_reason_changed"),
    @JsonSubTypes.Type(value = ClusterEvent.TaskPlaced.class, name = "task_placed"),
    @JsonSubTypes.Type(value = ClusterEvent.TaskStarted.class, name = "task_started"),
    @JsonSubTypes.Type(value = ClusterEvent.MemberStarted.class, name = "member_started"),
    @JsonSubTypes.Type(value = ClusterEvent.MemberCheckpointed.class, name = "member_checkpointed"),
    @JsonSubTypes.Type(value = ClusterEvent.MemberEnded.class, name = "member_ended"),
    @JsonSubTypes.Type(value = ClusterEvent.TaskCheckpointed.class, name = "task_checkpointed"),
    @JsonSubTypes.Type(value = ClusterEvent.TaskCompleted.class, name = "task_completed"),
    @JsonSubTypes.Type(value = ClusterEvent.PreemptRequested.class, name = "preempt_requested"),
    @JsonSubTypes.Type(value = ClusterEvent.TaskRequeued.class, name = "task_requeued"),
    @JsonSubTypes.Type(value = ClusterEvent.RetryDue.class, name = "retry_due"),
    @JsonSubTypes.Type(value = ClusterEvent.TaskFailed.class, name = "task_failed"),
    @JsonSubTypes.Type(value = ClusterEvent.CancelRequested.class, name = "cancel_requested"),
    @JsonSubTypes.Type(value = ClusterEvent.TaskCancelled.class, name = "task_cancelled"),
    @JsonSubTypes.Type(value = ClusterEvent.StrayStopped.class, name = "stray_stopped"),
    @JsonSubTypes.Type(value = ClusterEvent.AllocationReleased.class, name = "allocation_released"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeRegistered.class, name = "node_registered"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeConditionChanged.class, name = "node_condition_changed"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeSuspected.class, name = "node_suspected"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeRecovered.class, name = "node_recovered"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeLost.class, name = "node_lost"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeFaulted.class, name = "node_faulted"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeShutDown.class, name = "node_shut_down"),
    @JsonSubTypes.Type(value = ClusterEvent.GpuTakenOut.class, name = "gpu_taken_out"),
    @JsonSubTypes.Type(value = ClusterEvent.GpuReturned.class, name = "gpu_returned"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeCordoned.class, name = "node_cordoned"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeUncordoned.class, name = "node_uncordoned"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeDrained.class, name = "node_drained"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeSlow.class, name = "node_slow"),
    @JsonSubTypes.Type(value = ClusterEvent.NodeOnPace.class, name = "node_on_pace"),
    @JsonSubTypes.Type(value = ClusterEvent.SchedulerRan.class, name = "scheduler_ran"),
})
public sealed interface ClusterEvent {
    /** The most characters of what is said for people: what a node or an operator said, and what was said around it. */
    int DETAIL_LENGTH_MAX = 4_096;

    /** The task, node or pool that the event is about: the record's key. */
    String subject();

    /**
     * What an attempt has drawn on the GPUs of the node whose report this comes from, mJ: from its start there to its end,
     * as the node said ({@link TaskReport#energyMj}). Each end of an attempt on a node that was reported counts in one fact
     * only, so the sum over all facts is what those have drawn whose end was reported; 0 if no node said anything.
     */
    default long energyMj() {
        return 0;
    }

    /** An event about the pool as a whole. */
    sealed interface OfPool extends ClusterEvent {
        PoolId pool();

        @Override
        default String subject() {
            return pool().value();
        }
    }

    /** An event in the life of one task. */
    sealed interface OfTask extends ClusterEvent {
        TaskId taskId();

        /** Which attempt it is about; 0 if it is about the task as a whole. */
        default int attempt() {
            return 0;
        }

        @Override
        default String subject() {
            return taskId().value();
        }
    }

    /** An event in the life of one node's part of a gang. The gang holds GPUs on several nodes. */
    sealed interface OfMember extends OfTask {
        NodeId nodeId();
    }

    /** An event in the life of one node. */
    sealed interface OfNode extends ClusterEvent {
        NodeId nodeId();

        @Override
        default String subject() {
            return nodeId().value();
        }
    }

    /** An event that changes whether a node or one of its GPUs is in service, or what counts for that. */
    sealed interface OfUpkeep extends OfNode {}

    /**
     * An orchestrator took the pool over, with the state that the facts so far led to: after a start, a crash or a
     * move to another instance. What it keeps besides the state began anew here.
     *
     * @param instanceId which one
     * @param readerVersion what a program must know to read the pool's facts from this one on; absent is the first
     */
    record OrchestratorStarted(
            PoolId pool,
            String instanceId,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) ReaderVersion readerVersion) implements OfPool {
        @SuppressWarnings("NullAway") // Jackson passes null for an absent field
        public OrchestratorStarted {
            Check.present("pool", pool);
            Check.maxLength("instance_id", instanceId, 256);
            readerVersion = readerVersion == null ? ReaderVersion.FIRST : readerVersion;
        }

        /** One of this program. */
        public OrchestratorStarted(PoolId pool, String instanceId) {
            this(pool, instanceId, ReaderVersion.ofThisProgram());
        }
    }

    /** An operator's settings came into force. */
    record PoolConfigured(PoolId pool, PoolSettings settings) implements OfPool {
        public PoolConfigured {
            Check.present("pool", pool);
            Check.present("settings", settings);
        }
    }

    /**
     * The pool's time was ahead of the cluster's, and was set to it: the only fact whose time is before that of the fact
     * before it. What was to happen after {@code fromMs} happens as much after this fact; nothing lies between.
     *
     * @param fromMs the pool's time until now, ms of cluster time
     */
    record ClockSetBack(PoolId pool, long fromMs) implements OfPool {
        public ClockSetBack {
            Check.present("pool", pool);
        }
    }

    /** The task was accepted, and is queued. */
    record TaskSubmitted(TaskSpec task) implements OfTask {
        public TaskSubmitted {
            Check.present("task", task);
        }

        @Override
        public TaskId taskId() {
            return task.taskId();
        }
    }

    /** The task could never run on the nodes that the pool has; final. */
    record TaskRejected(TaskSpec task, PendingReason reason) implements OfTask {
        public TaskRejected {
            Check.present("task", task);
            Check.present("reason", reason);
        }

        @Override
        public TaskId taskId() {
            return task.taskId();
        }
    }

    /** The task waits for another reason than before. */
    record PendingReasonChanged(TaskId taskId, PendingReason reason) implements OfTask {
        public PendingReasonChanged {
            Check.present("task_id", taskId);
            Check.present("reason", reason);
        }
    }

    /**
     * The task got its GPUs, all of them: the whole gang in one event.
     *
     * @param score what each part of the policy's score gave the place; empty for a policy that does not score
     */
    record TaskPlaced(TaskId taskId, int attempt, List<Allocation> allocations, SortedMap<String, Double> score)
            implements OfTask {
        private static final int SCORES_MAX = 64;
        private static final int SCORE_NAME_LENGTH_MAX = 128;

        @SuppressWarnings("NullAway") // Jackson passes null for an absent field
        public TaskPlaced {
            Check.present("task_id", taskId);
            Check.inRange("attempt", attempt, 1, Integer.MAX_VALUE);
            allocations = List.copyOf(Check.maxSize("allocations", allocations, GpuRequest.MAX_COUNT));
            int gpus = allocations.stream()
                    .mapToInt(allocation -> allocation.gpus().size())
                    .sum();
            Check.inRange("allocations", gpus, 0, GpuRequest.MAX_COUNT);
            score = score == null ? new TreeMap<>() : Collections.unmodifiableSortedMap(new TreeMap<>(score));
            Check.inRange("score", score.size(), 0, SCORES_MAX);
            score.keySet().forEach(part -> Check.maxLength("score", part, SCORE_NAME_LENGTH_MAX));
        }
    }

    /** All nodes of the gang run the attempt. */
    record TaskStarted(TaskId taskId, int attempt) implements OfTask {
        public TaskStarted {
            Check.present("task_id", taskId);
        }
    }

    /** Of a gang over several nodes, this node runs its part. The task has started once all do. */
    record MemberStarted(TaskId taskId, int attempt, NodeId nodeId) implements OfMember {
        public MemberStarted {
            Check.present("task_id", taskId);
            Check.present("node_id", nodeId);
        }
    }

    /**
     * Of a gang over several nodes, this node saved its part of the work. The task has saved what all have.
     *
     * @param progressMs ms at full clock
     */
    record MemberCheckpointed(TaskId taskId, int attempt, NodeId nodeId, long progressMs) implements OfMember {
        public MemberCheckpointed {
            Check.present("task_id", taskId);
            Check.present("node_id", nodeId);
        }
    }

    /**
     * Of a gang over several nodes, this node does not run its part any more: it said so. It holds its GPUs until the
     * attempt ends: when all have completed, all were stopped, or one is missing.
     *
     * @param completed whether its part is done
     * @param progressMs its part of the work that is saved, ms at full clock
     * @param energyMj what it has drawn; the event that then ends the attempt has none
     */
    record MemberEnded(
            TaskId taskId,
            int attempt,
            NodeId nodeId,
            boolean completed,
            long progressMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj)
            implements OfMember {
        public MemberEnded {
            Check.present("task_id", taskId);
            Check.present("node_id", nodeId);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }
    }

    /**
     * The attempt saved its work.
     *
     * @param progressMs work that a later attempt need not do again, ms at full clock
     */
    record TaskCheckpointed(TaskId taskId, int attempt, long progressMs) implements OfTask {
        public TaskCheckpointed {
            Check.present("task_id", taskId);
        }
    }

    /**
     * Final. Its GPUs are free.
     *
     * @param energyMj see {@link ClusterEvent#energyMj}
     */
    record TaskCompleted(
            TaskId taskId,
            int attempt,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj) implements OfTask {
        public TaskCompleted {
            Check.present("task_id", taskId);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }
    }

    /**
     * The task must give up its GPUs: its nodes are told to stop it, and it waits for its turn again once they have
     * answered.
     *
     * @param reason {@link EndReason#PREEMPTED} if a task that comes before it needs them, {@link
     *     EndReason#NODE_DRAINED} if one of its nodes is drained
     */
    record PreemptRequested(
            TaskId taskId,
            int attempt,
            // A task that makes room for another is written as it was before there were other reasons.
            @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Preempted.class)
            EndReason reason)
            implements OfTask {
        @SuppressWarnings("NullAway") // Jackson passes null for an absent field
        public PreemptRequested {
            Check.present("task_id", taskId);
            reason = reason == null ? EndReason.PREEMPTED : reason;
            if (!reason.wasRequested()) {
                throw new InvalidFieldException("reason", reason, "preempted or node_drained");
            }
        }

        /** Equals what need not be written. */
        static final class Preempted {
            @Override
            public boolean equals(@Nullable Object reason) {
                return reason == EndReason.PREEMPTED;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        }
    }

    /**
     * An attempt ended without success, and there will be another.
     *
     * @param attempt the one that ended
     * @param reason why it ended
     * @param detail for people
     * @param eligibleAtMs when the task may be placed again; queued at once if that is not after the fact's time
     * @param lostMs work that the node had done and must be done again, ms at full clock; 0 if it did not say
     * @param energyMj see {@link ClusterEvent#energyMj}
     */
    record TaskRequeued(
            TaskId taskId,
            int attempt,
            EndReason reason,
            String detail,
            long eligibleAtMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long lostMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj)
            implements OfTask {
        public TaskRequeued {
            Check.present("task_id", taskId);
            Check.present("reason", reason);
            Check.maxLength("detail", detail, DETAIL_LENGTH_MAX);
            Check.inRange("lost_ms", lostMs, 0L, Work.MAX_DURATION_MS);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }
    }

    /** The delay before the next attempt has passed: the task is queued. */
    record RetryDue(TaskId taskId) implements OfTask {
        public RetryDue {
            Check.present("task_id", taskId);
        }
    }

    /**
     * Final: an attempt ended without success, and there will be no other.
     *
     * @param lostMs see {@link TaskRequeued}
     * @param energyMj see {@link ClusterEvent#energyMj}
     */
    record TaskFailed(
            TaskId taskId,
            int attempt,
            EndReason reason,
            String detail,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long lostMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj)
            implements OfTask {
        public TaskFailed {
            Check.present("task_id", taskId);
            Check.present("reason", reason);
            Check.maxLength("detail", detail, DETAIL_LENGTH_MAX);
            Check.inRange("lost_ms", lostMs, 0L, Work.MAX_DURATION_MS);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }
    }

    /** The task holds GPUs and shall end: its nodes are told to stop it. */
    record CancelRequested(TaskId taskId) implements OfTask {
        public CancelRequested {
            Check.present("task_id", taskId);
        }
    }

    /**
     * Final. It holds no GPUs.
     *
     * @param energyMj see {@link ClusterEvent#energyMj}
     */
    record TaskCancelled(
            TaskId taskId,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj) implements OfTask {
        public TaskCancelled {
            Check.present("task_id", taskId);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }
    }

    /**
     * The node and the orchestrator's book do not agree on an attempt: it runs what it should not, or does not run what it
     * should; or the attempt is over because another node of its gang failed. It is told to stop it; its answer ends the attempt, and frees what it holds.
     */
    record StrayStopped(NodeId nodeId, long incarnation, AttemptId attempt) implements OfNode {
        public StrayStopped {
            Check.present("node_id", nodeId);
            Check.present("attempt", attempt);
        }
    }

    /**
     * An attempt that is over by the orchestrator's book no longer holds GPUs on a node that was silent, or had to stop it:
     * the node said so. Until then they are given to nobody.
     *
     * @param energyMj see {@link ClusterEvent#energyMj}
     */
    record AllocationReleased(
            NodeId nodeId,
            AttemptId attempt,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj) implements OfNode {
        public AllocationReleased {
            Check.present("node_id", nodeId);
            Check.present("attempt", attempt);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }
    }

    /**
     * A node is there, new or started anew; nothing runs on it.
     *
     * @param insteadOf the higher incarnation that this start replaces: the node's clock was set back, and the start that had
     *     that number is silent. 0 if the number grew, as it should
     */
    record NodeRegistered(
            NodeInventory inventory,
            long incarnation,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long insteadOf) implements OfNode {
        public NodeRegistered {
            Check.present("inventory", inventory);
        }

        @Override
        public NodeId nodeId() {
            return inventory.nodeId();
        }
    }

    record NodeConditionChanged(NodeCondition condition) implements OfNode {
        public NodeConditionChanged {
            Check.present("condition", condition);
        }

        @Override
        public NodeId nodeId() {
            return condition.nodeId();
        }
    }

    /** The node missed heartbeats: it keeps its tasks and gets no new ones. */
    record NodeSuspected(NodeId nodeId) implements OfNode {
        public NodeSuspected {
            Check.present("node_id", nodeId);
        }
    }

    /** A suspect or lost node was heard of again. */
    record NodeRecovered(NodeId nodeId) implements OfNode {
        public NodeRecovered {
            Check.present("node_id", nodeId);
        }
    }

    /** The node was silent for too long. Its attempts end in events that follow this one. */
    record NodeLost(NodeId nodeId) implements OfNode {
        public NodeLost {
            Check.present("node_id", nodeId);
        }
    }

    /**
     * Something on the node broke.
     *
     * @param gpu index of the GPU, -1 if it is the node
     * @param xid the number of NVIDIA's driver message, see {@link XidCatalogue}; 0 if there is none
     */
    record NodeFaulted(
            NodeId nodeId,
            String kind,
            int gpu,
            String detail,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) int xid) implements OfNode {
        public NodeFaulted {
            Check.present("node_id", nodeId);
            Check.identifier("kind", kind);
            Check.maxLength("detail", detail, DETAIL_LENGTH_MAX);
            Check.inRange("xid", xid, 0, Xid.NUMBER_MAX);
        }
    }

    /** The node stopped on purpose. Its attempts end in events that follow this one. */
    record NodeShutDown(NodeId nodeId) implements OfNode {
        public NodeShutDown {
            Check.present("node_id", nodeId);
        }
    }

    /**
     * A GPU does not work: nothing more is placed on it until it is back, or its node has started anew. The attempts on
     * it end when the node says so.
     */
    record GpuTakenOut(NodeId nodeId, int gpu, String detail) implements OfUpkeep {
        public GpuTakenOut {
            Check.present("node_id", nodeId);
            Check.inRange("gpu", gpu, 0, NodeInventory.MAX_GPUS - 1);
            Check.maxLength("detail", detail, DETAIL_LENGTH_MAX);
        }
    }

    /** A GPU that was out works again. */
    record GpuReturned(NodeId nodeId, int gpu) implements OfUpkeep {
        public GpuReturned {
            Check.present("node_id", nodeId);
            Check.inRange("gpu", gpu, 0, NodeInventory.MAX_GPUS - 1);
        }
    }

    /**
     * The node gets no new tasks. Of a node that is cordoned already: by whom, and whether it is drained, is as said here
     * from now on.
     *
     * @param drain whether what runs there is stopped, and requeued with what it has saved
     * @param detail for people
     * @param untilMs when it is uncordoned by itself, ms of cluster time; 0 if that takes an operator, or a new start of
     *     the node
     */
    record NodeCordoned(NodeId nodeId, CordonCause cause, boolean drain, String detail, long untilMs)
            implements OfUpkeep {
        public NodeCordoned {
            Check.present("node_id", nodeId);
            Check.present("cause", cause);
            Check.maxLength("detail", detail, DETAIL_LENGTH_MAX);
            Check.inRange("until_ms", untilMs, 0L, Long.MAX_VALUE);
        }
    }

    /** The node gets tasks again. */
    record NodeUncordoned(NodeId nodeId, String detail) implements OfUpkeep {
        public NodeUncordoned {
            Check.present("node_id", nodeId);
            Check.maxLength("detail", detail, DETAIL_LENGTH_MAX);
        }
    }

    /** Nothing is held any more on a node that is drained. */
    record NodeDrained(NodeId nodeId) implements OfUpkeep {
        public NodeDrained {
            Check.present("node_id", nodeId);
        }
    }

    /**
     * A node said that it does a task's work slower than {@link HealthSettings#stragglerPaceMilli}: one more such report in
     * a row.
     *
     * @param paceMilli see {@link TaskReport.Progressed}
     */
    record NodeSlow(NodeId nodeId, int paceMilli) implements OfUpkeep {
        public NodeSlow {
            Check.present("node_id", nodeId);
            Check.inRange("pace_milli", paceMilli, 0, TaskReport.Progressed.PACE_MILLI_MAX);
        }
    }

    /** The first report at pace after slow ones: they are counted anew. */
    record NodeOnPace(NodeId nodeId) implements OfUpkeep {
        public NodeOnPace {
            Check.present("node_id", nodeId);
        }
    }

    /**
     * The answer to {@link TaskCommand.RunScheduler}; the placements are in the facts with the same cause.
     *
     * @param placed number of tasks that got GPUs
     * @param queued number of tasks that still wait
     */
    record SchedulerRan(PoolId pool, String requestId, int placed, int queued) implements OfPool {
        public SchedulerRan {
            Check.present("pool", pool);
            Check.identifier("request_id", requestId);
        }
    }
}
