package io.gpuctl.telemetry.views;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task's next view while a fact is applied to it. */
final class TaskDraft {
    private final TaskSpec task;
    private final long submittedAtMs;
    private TaskState state;
    private int attempt;
    private @Nullable Long placedAtMs;
    private @Nullable Long startedAtMs;
    private @Nullable Long finishedAtMs;
    private List<Allocation> allocations = List.of();
    private List<NodeId> membersOver = List.of();
    private @Nullable PendingReason pendingReason;
    private @Nullable EndReason endReason;
    private String detail = "";
    private int requeues;
    private int preemptions;
    private long savedProgressMs;
    private long energyMj;
    private @Nullable Long heldMs = 0L;
    private int historySize;
    private long factsOmitted;

    private TaskDraft(TaskSpec task, TaskState state, long submittedAtMs) {
        this.task = task;
        this.state = state;
        this.submittedAtMs = submittedAtMs;
    }

    /** Returns a new task. */
    static TaskDraft begun(TaskSpec task, TaskState state, long atMs) {
        return new TaskDraft(task, state, atMs).entered(state, atMs);
    }

    static TaskDraft of(TaskView view) {
        TaskDraft draft = new TaskDraft(view.task(), view.state(), view.submittedAtMs());
        draft.attempt = view.attempt();
        draft.placedAtMs = view.placedAtMs();
        draft.startedAtMs = view.startedAtMs();
        draft.finishedAtMs = view.finishedAtMs();
        draft.allocations = view.allocations();
        draft.membersOver = view.membersOver();
        draft.pendingReason = view.pendingReason();
        draft.endReason = view.endReason();
        draft.detail = view.detail();
        draft.requeues = view.requeues();
        draft.preemptions = view.preemptions();
        draft.savedProgressMs = view.savedProgressMs();
        draft.energyMj = view.energyMj();
        // An older program did not count this; 0 if there was no earlier attempt.
        draft.heldMs = view.heldMs() == null && view.requeues() == 0 ? Long.valueOf(0) : view.heldMs();
        draft.historySize = view.historySize();
        draft.factsOmitted = view.factsOmitted();
        return draft;
    }

    TaskView build(long sequence) {
        return new TaskView(
                task,
                state,
                attempt,
                sequence,
                submittedAtMs,
                placedAtMs,
                startedAtMs,
                finishedAtMs,
                allocations,
                membersOver,
                pendingReason,
                endReason,
                detail,
                requeues,
                preemptions,
                savedProgressMs,
                energyMj,
                heldMs,
                historySize,
                factsOmitted);
    }

    /** Replaces the counts by those of an older program, see {@link TaskView#asStoredBefore}. */
    TaskDraft countedAsIn(TaskView stored) {
        heldMs = null;
        historySize = stored.historySize();
        factsOmitted = stored.factsOmitted();
        return this;
    }

    /** Sets the state, which may be the same as before. */
    TaskDraft in(TaskState next, long atMs) {
        return next == state ? this : entered(next, atMs);
    }

    private TaskDraft entered(TaskState next, long atMs) {
        state = next;
        pendingReason = PendingReason.onEntering(next);
        finishedAtMs = next.isFinal() ? Long.valueOf(atMs) : finishedAtMs;
        return this;
    }

    TaskDraft pending(@Nullable PendingReason reason) {
        pendingReason = reason;
        return this;
    }

    TaskDraft placed(int nextAttempt, List<Allocation> onNodes, long atMs) {
        attempt = nextAttempt;
        allocations = onNodes;
        membersOver = List.of();
        placedAtMs = atMs;
        startedAtMs = null;
        return this;
    }

    TaskDraft memberOver(NodeId nodeId) {
        List<NodeId> over = new ArrayList<>(membersOver);
        over.add(nodeId);
        membersOver = over;
        return this;
    }

    TaskDraft started(long atMs) {
        startedAtMs = atMs;
        return this;
    }

    TaskDraft saved(long progressMs) {
        savedProgressMs = progressMs;
        return this;
    }

    TaskDraft ended(@Nullable EndReason reason, String forPeople) {
        endReason = reason;
        detail = forPeople;
        return this;
    }

    TaskDraft requeued(EndReason reason, long atMs) {
        if (heldMs != null && placedAtMs != null) {
            heldMs += Math.max(0, atMs - placedAtMs);
        }
        requeues++;
        preemptions += reason == EndReason.PREEMPTED ? 1 : 0;
        allocations = List.of();
        membersOver = List.of();
        placedAtMs = null;
        startedAtMs = null;
        return this;
    }

    TaskDraft drew(long moreMj) {
        energyMj += moreMj;
        return this;
    }

    TaskDraft remembered() {
        historySize++;
        return this;
    }

    TaskDraft omitted() {
        factsOmitted++;
        return this;
    }
}
