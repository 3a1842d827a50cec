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
 * A task as the facts tell it. Times are ms of cluster time.
 *
 * @param attempt the current or last attempt, 0 before the first
 * @param sequence the last fact about this task, in its pool's order; 0 while only its submission was seen, which the
 *     orchestrator has not confirmed yet
 * @param placedAtMs when the current or last attempt got its GPUs; absent while the task waits
 * @param startedAtMs when the current or last attempt began to run; absent while the task waits
 * @param finishedAtMs when the task reached a final state
 * @param allocations of the current attempt, or of the last one if the task is over; none while it waits, and held only while {@link
 *     TaskState#holdsGpus}
 * @param membersOver of an attempt over several nodes, those that run their part no more
 * @param pendingReason why the task waits, or why it was rejected; absent otherwise
 * @param endReason why the last attempt that ended without success did so; absent if the task completed
 * @param detail for people: what goes with {@code endReason}, else empty
 * @param requeues how many attempts ended without success and were followed by another wait
 * @param preemptions how many of those made room for other tasks
 * @param savedProgressMs work that the next attempt need not do again, ms at full clock
 * @param energyMj what all attempts that ended have drawn so far, by the nodes' word, mJ: see {@link
 *     ClusterEvent#energyMj}
 * @param heldMs for how long the attempts before held GPUs, which the task did not wait, ms; not the current or last attempt.
 *     Null if it was requeued under an older program, which did not count it: then it counts as nothing
 * @param historySize how many facts the task's history holds, see {@link PoolViewsFold#HISTORY_SIZE_MAX}
 * @param factsOmitted how many facts about the task it does not hold, for it was too long; the log has them
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
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field: views stored before there were members
    public TaskView {
        allocations = List.copyOf(allocations);
        membersOver = membersOver == null ? List.of() : List.copyOf(membersOver);
    }

    /** Whether the attempt, which ends, may still run on one of its nodes for all that the node has said. */
    boolean mayRunOn(NodeRecord node) {
        return switch (node.state()) {
            case LOST -> !membersOver.contains(node.inventory().nodeId());
            case UP, SUSPECT ->
                allocations.size() > 1 && !membersOver.contains(node.inventory().nodeId());
            case DOWN -> false;
        };
    }

    /** A fact about its node told what an earlier attempt, or its last one, has drawn. */
    TaskView drew(long moreMj) {
        return TaskDraft.of(this).drew(moreMj).build(sequence);
    }

    /**
     * For how long the task has waited in all, ms: from its submission to its first placement, and from the end of each
     * attempt to the next placement. Never negative, also if the asker's clock is behind.
     *
     * @param nowMs cluster time, for a wait that still goes on
     */
    public long queuedMs(long nowMs) {
        long waitsUntilMs = placedAtMs != null ? placedAtMs : finishedAtMs != null ? finishedAtMs : nowMs;
        return Math.max(0, waitsUntilMs - submittedAtMs - (heldMs == null ? 0 : heldMs));
    }

    /**
     * About what the attempt that runs has drawn so far, joules: what its GPUs drew when they were measured last, as if they
     * had since it started. 0 if none runs. {@link #energyMj} has nothing of it, and it nothing of that: what a gang's
     * members that are over have drawn is known.
     *
     * @param power of a node; null if nothing was measured there, which counts as nothing
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
     * What an older program would have stored in place of this, which counted neither how long attempts held GPUs nor what a
     * history omits; {@code stored} by one.
     */
    public TaskView asStoredBefore(TaskView stored) {
        return TaskDraft.of(this).countedAsIn(stored).build(sequence);
    }

    /** On how many nodes it holds GPUs, or did last. */
    public int nodeCount() {
        return allocations.size();
    }

    /** Where the task stands in a listing. */
    public TaskCursor cursor() {
        return new TaskCursor(submittedAtMs, task.taskId());
    }
}
