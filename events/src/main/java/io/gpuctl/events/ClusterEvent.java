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
 * An event in a cluster, as the orchestrator saw or decided it: the payload of a {@link Fact}. The state of a pool is
 * the fold over its events. Topic {@code cluster-events}, written by the orchestrator alone.
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
    /**
     * The maximum length of a {@code detail}, in characters: the text of a node or an operator, and the text around it.
     */
    int DETAIL_LENGTH_MAX = 4_096;

    /** Returns the task, node or pool that the event is about: the record's key. */
    String subject();

    /**
     * Returns the energy that an attempt drew on the GPUs of the reporting node, mJ: from its start there to its end,
     * as the node reported it ({@link TaskReport#energyMj}); 0 if no node reported any. Each reported end of an attempt
     * on a node counts in one fact only. The sum over all facts is therefore the energy of all attempts whose end was
     * reported.
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

        /** Returns the attempt that the event is about; 0 if the event is about the task as a whole. */
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

    /** An event that changes whether a node or one of its GPUs is in service, or what counts towards that. */
    sealed interface OfUpkeep extends OfNode {}

    /**
     * An orchestrator took over the pool after a start, a crash or a move to another instance. It continues from the
     * state that the facts so far led to. Everything that it keeps besides this state starts anew here.
     *
     * @param instanceId the orchestrator's instance
     * @param readerVersion the version that a program needs to read the pool's facts from this one on; if absent, the
     *     first version
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

        /** A start of this program. */
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
     * The pool's time was ahead of the cluster's time and was set back to it. This is the only fact whose time is
     * before the time of the previous fact. A timer that was due some time after {@code fromMs} is now due the same
     * time after this fact.
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

    /** Final: the task could never run on the nodes that the pool has. */
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
     * The task got all its GPUs: one event places the whole gang.
     *
     * @param score the value of each part of the policy's score for this placement; empty for a policy that does not
     *     score
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
            int gpus = 0;
            for (Allocation allocation : allocations) {
                gpus += allocation.gpus().size();
            }
            Check.inRange("allocations", gpus, 0, GpuRequest.MAX_COUNT);
            score = score == null || score.isEmpty()
                    ? Collections.emptySortedMap()
                    : Collections.unmodifiableSortedMap(new TreeMap<>(score));
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

    /** One node of a gang over several nodes runs its part. The task has started once all nodes run their parts. */
    record MemberStarted(TaskId taskId, int attempt, NodeId nodeId) implements OfMember {
        public MemberStarted {
            Check.present("task_id", taskId);
            Check.present("node_id", nodeId);
        }
    }

    /**
     * One node of a gang over several nodes saved its part of the work. The task has saved the progress that all its
     * nodes have saved.
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
     * One node of a gang over several nodes reported that it no longer runs its part. The node's GPUs stay taken until
     * the attempt ends: when all nodes have completed, all were stopped, or one is missing.
     *
     * @param completed whether its part is done
     * @param progressMs the saved work of this part, ms at full clock
     * @param energyMj the energy that this part drew, mJ; the event that ends the attempt does not count it again
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
     * Final: the task has done its work, and its GPUs are free.
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
     * The task must give up its GPUs. Its nodes are told to stop it; once they have answered, the task is queued again.
     *
     * @param reason {@link EndReason#PREEMPTED} if a task that comes before it needs the GPUs,
     *     {@link EndReason#NODE_DRAINED} if one of its nodes is drained
     */
    record PreemptRequested(
            TaskId taskId,
            int attempt,
            // JSON omits PREEMPTED: older records have no reason.
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

        /** Equals the reason that JSON omits. */
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
     * @param attempt the attempt that ended
     * @param reason why it ended
     * @param detail an explanation for people
     * @param eligibleAtMs when the task may be placed again; the task is queued at once if this is not after the fact's
     *     time
     * @param lostMs work that must be done again, ms at full clock; 0 if the node did not say
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

    /** The delay before the next attempt has passed, and the task is queued. */
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

    /** A task that holds GPUs is to be cancelled: its nodes are told to stop it. */
    record CancelRequested(TaskId taskId) implements OfTask {
        public CancelRequested {
            Check.present("task_id", taskId);
        }
    }

    /**
     * Final: the task was cancelled and holds no GPUs.
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
     * The orchestrator tells the node to stop an attempt. Either the two disagree: the node runs an attempt that it
     * should not run, or does not run an attempt that it should run. Or the attempt is over because another node of its
     * gang failed. The node's answer ends the attempt and frees the resources that the attempt holds there.
     */
    record StrayStopped(NodeId nodeId, long incarnation, AttemptId attempt) implements OfNode {
        public StrayStopped {
            Check.present("node_id", nodeId);
            Check.present("attempt", attempt);
        }
    }

    /**
     * A node confirmed that an attempt no longer holds GPUs there. The orchestrator had already ended the attempt, but
     * the node was silent or had not stopped it yet. Until this event, no other task gets the GPUs.
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
     * A node registered after its first start or a restart; nothing runs on it.
     *
     * @param insteadOf the higher incarnation that this start replaces: the node's clock was set back, and the start
     *     with the higher number is silent. 0 if the number grew, as it should
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

    /** The node missed heartbeats: it keeps its tasks and gets no new tasks. */
    record NodeSuspected(NodeId nodeId) implements OfNode {
        public NodeSuspected {
            Check.present("node_id", nodeId);
        }
    }

    /** A suspect or lost node was heard from again. */
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
     * The node or one of its GPUs has a fault.
     *
     * @param gpu index of the GPU; -1 for a fault of the node
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
     * A GPU was taken out of service: no attempt is placed on it until it returns or its node restarts. The attempts on
     * it end when the node reports their end.
     */
    record GpuTakenOut(NodeId nodeId, int gpu, String detail) implements OfUpkeep {
        public GpuTakenOut {
            Check.present("node_id", nodeId);
            Check.inRange("gpu", gpu, 0, NodeInventory.MAX_GPUS - 1);
            Check.maxLength("detail", detail, DETAIL_LENGTH_MAX);
        }
    }

    /** A GPU that was out of service works again. */
    record GpuReturned(NodeId nodeId, int gpu) implements OfUpkeep {
        public GpuReturned {
            Check.present("node_id", nodeId);
            Check.inRange("gpu", gpu, 0, NodeInventory.MAX_GPUS - 1);
        }
    }

    /**
     * The node gets no new tasks. If the node is already cordoned, the cause and {@code drain} given here replace the
     * earlier ones.
     *
     * @param drain whether the attempts on the node are stopped and requeued with their saved work
     * @param detail an explanation for people
     * @param untilMs when the cordon ends by itself, ms of cluster time; 0 if only an operator or a restart of the node
     *     ends it
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

    /** The drain of a node is complete: no attempt holds resources there any more. */
    record NodeDrained(NodeId nodeId) implements OfUpkeep {
        public NodeDrained {
            Check.present("node_id", nodeId);
        }
    }

    /**
     * A node reported a pace below {@link HealthSettings#stragglerPaceMilli}: one more slow report in a row.
     *
     * @param paceMilli see {@link TaskReport.Progressed}
     */
    record NodeSlow(NodeId nodeId, int paceMilli) implements OfUpkeep {
        public NodeSlow {
            Check.present("node_id", nodeId);
            Check.inRange("pace_milli", paceMilli, 0, TaskReport.Progressed.PACE_MILLI_MAX);
        }
    }

    /** A node reported a sufficient pace after slow reports: the count of slow reports starts again. */
    record NodeOnPace(NodeId nodeId) implements OfUpkeep {
        public NodeOnPace {
            Check.present("node_id", nodeId);
        }
    }

    /**
     * The answer to {@link TaskCommand.RunScheduler}; the placements are in the facts with the same cause.
     *
     * @param placed number of tasks that got GPUs
     * @param queued number of tasks that are still queued
     */
    record SchedulerRan(PoolId pool, String requestId, int placed, int queued) implements OfPool {
        public SchedulerRan {
            Check.present("pool", pool);
            Check.identifier("request_id", requestId);
        }
    }
}
