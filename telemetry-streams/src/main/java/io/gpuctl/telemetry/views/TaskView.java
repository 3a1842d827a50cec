package io.gpuctl.telemetry.views;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A task according to the facts. Times are ms of cluster time.
 *
 * @param attempt the current or last attempt, 0 before the first
 * @param sequence the last fact about this task, in its pool's order; 0 while the orchestrator has not confirmed its
 *     submission
 * @param placedAtMs when the current or last attempt got its GPUs; absent while the task waits
 * @param startedAtMs when the current or last attempt started; absent while the task waits
 * @param finishedAtMs when the task reached a final state
 * @param allocations of the current attempt, or of the last one if the task is over; none while it waits; held only
 *     while {@link TaskState#holdsGpus}
 * @param membersOver nodes of a gang whose part of the attempt is over
 * @param pendingReason why the task waits, or why it was rejected; absent otherwise
 * @param endReason why the last unsuccessful attempt ended; absent if the task completed
 * @param detail explanation of {@code endReason} for users, else empty
 * @param requeues number of attempts that ended without success and after which the task was requeued
 * @param preemptions number of these that made room for other tasks
 * @param savedProgressMs work that the next attempt need not do again, ms at full clock
 * @param energyMj energy of all ended attempts, as reported by the nodes, mJ: see {@link ClusterEvent#energyMj}
 * @param heldMs how long earlier attempts held GPUs, without the current or last one, ms. Null, which counts as 0, if
 *     the task was requeued by an older program that did not count it
 * @param historySize number of facts in the task's history, see {@link PoolViewsFold#HISTORY_SIZE_MAX}
 * @param factsOmitted number of facts about the task that the history omits because of its length; the log has them
 */
public record TaskView(
        TaskSpec task,
        TaskState state,
        int attempt,
        long sequence,
        long submittedAtMs,
        @Nullable Long placedAtMs,
        @Nullable Long startedAtMs,
        @Nullable Long finishedAtMs,
        List<Allocation> allocations,
        List<NodeId> membersOver,
        @Nullable PendingReason pendingReason,
        @Nullable EndReason endReason,
        String detail,
        int requeues,
        int preemptions,
        long savedProgressMs,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long heldMs,
        int historySize,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long factsOmitted) {
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: views stored by older programs
    public TaskView {
        allocations = List.copyOf(allocations);
        membersOver = membersOver == null ? List.of() : List.copyOf(membersOver);
    }

    /** Returns whether the ending attempt may still run on one of its nodes, according to the node's reports. */
    boolean mayRunOn(NodeRecord node) {
        return switch (node.state()) {
            case LOST -> !membersOver.contains(node.inventory().nodeId());
            case UP, SUSPECT ->
                allocations.size() > 1 && !membersOver.contains(node.inventory().nodeId());
            case DOWN -> false;
        };
    }

    /** Adds energy of an earlier or the last attempt that a fact about its node reported. */
    TaskView drew(long moreMj) {
        return TaskDraft.of(this).drew(moreMj).build(sequence);
    }

    /**
     * Returns the total waiting time of the task, ms: from its submission to its first placement, and from the end of
     * each attempt to the next placement. Never negative, even if the caller's clock is behind.
     *
     * @param nowMs cluster time, for a wait that has not ended
     */
    public long queuedMs(long nowMs) {
        long waitsUntilMs = placedAtMs != null ? placedAtMs : finishedAtMs != null ? finishedAtMs : nowMs;
        return Math.max(0, waitsUntilMs - submittedAtMs - (heldMs == null ? 0 : heldMs));
    }

    /**
     * Estimates the energy of the running attempt so far, joules: the last measured power of its GPUs times its running
     * time; 0 if none runs. Does not overlap with {@link #energyMj}, and leaves out members of a gang that are over.
     *
     * @param power power by node; null if nothing was measured there, which counts as 0
     * @param nowMs cluster time
     */
    public double runningJoulesEstimate(Function<NodeId, @Nullable NodePower> power, long nowMs) {
        if (startedAtMs == null || !state.holdsGpus()) {
            return 0;
        }
        double watts = 0;
        for (Allocation allocation : allocations) {
            NodePower node = membersOver.contains(allocation.nodeId()) ? null : power.apply(allocation.nodeId());
            watts += node == null ? 0 : node.watts(allocation);
        }
        return watts * Math.max(0, nowMs - startedAtMs) / 1_000;
    }

    /**
     * Returns this view as stored by an older program, which counts neither how long attempts held GPUs nor what a
     * history omits; {@code stored}: the view that it has stored.
     */
    public TaskView asStoredBefore(TaskView stored) {
        return TaskDraft.of(this).countedAsIn(stored).build(sequence);
    }

    /** Returns the number of nodes on which the task holds GPUs, or last held GPUs. */
    public int nodeCount() {
        return allocations.size();
    }

    /** Returns the task's position in a listing. */
    public TaskCursor cursor() {
        return new TaskCursor(submittedAtMs, task.taskId());
    }
}
