package io.gpuctl.orchestrator.core;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the queue and places the tasks that fit.
 *
 * <p>Tasks that do not fit are remembered until something becomes free or a node changes, so that a full cluster with a
 * long queue costs little: a pass examines only new arrivals, and only one of several tasks with the same shape.
 */
final class SchedulingPass {
    private static final PendingReason BEHIND_IN_QUEUE = PendingReason.of(Code.BEHIND_IN_QUEUE);

    private final PoolState state;
    private final Policy policy;
    private final Verdicts verdicts;
    /** The pass of a policy that preempts running tasks; null if the policy does not. */
    private final @Nullable PreemptivePass preemptive;

    private final Map<Shape, PendingReason> misfits = new LinkedHashMap<>();
    /** Waiting tasks that have not been examined since they were queued. */
    private final TreeSet<QueueEntry> arrivals = new TreeSet<>();

    /** Whether a task that did not fit may fit now, or may not fit for another reason. */
    private boolean nodesChanged = true;
    /** Whether queued tasks still have manual mode as the reason why they wait. */
    private boolean toldManual;

    private @Nullable QueueEntry blocked;

    /** {@code policies} creates a new instance of the policy in force on each call: placements remember nodes. */
    SchedulingPass(PoolState state, Supplier<Policy> policies) {
        this.state = state;
        policy = policies.get();
        verdicts = new Verdicts(state);
        preemptive = policy.order() instanceof PreemptiveOrder order
                ? new PreemptivePass(
                        state, order, verdicts, () -> policies.get().placement())
                : null;
        state.queue().forEach(this::add);
    }

    /** Notes an event. Must be called with every event before the next run. */
    void note(ClusterEvent event) {
        if (preemptive != null) {
            preemptive.note(event);
        }
        nodesChanged |= invalidatesVerdicts(event);
        switch (event) {
            case ClusterEvent.TaskSubmitted e -> arrived(e.taskId());
            case ClusterEvent.RetryDue e -> arrived(e.taskId());
            case ClusterEvent.TaskRequeued e -> arrived(e.taskId());
            case ClusterEvent.TaskRejected _,
                    ClusterEvent.PendingReasonChanged _,
                    ClusterEvent.TaskPlaced _,
                    ClusterEvent.TaskStarted _,
                    ClusterEvent.TaskCheckpointed _,
                    ClusterEvent.TaskCompleted _,
                    ClusterEvent.PreemptRequested _,
                    ClusterEvent.TaskFailed _,
                    ClusterEvent.CancelRequested _,
                    ClusterEvent.TaskCancelled _ -> {}
            case ClusterEvent.OfMember _ -> {}
            case ClusterEvent.OfNode _ -> {}
            case ClusterEvent.OfPool _ -> {}
        }
    }

    /** Returns whether a task that did not fit may fit after this event, or may not fit for another reason. */
    static boolean invalidatesVerdicts(ClusterEvent event) {
        return switch (event) {
            case ClusterEvent.TaskRequeued e -> true;
            case ClusterEvent.TaskCompleted e -> true;
            case ClusterEvent.TaskFailed e -> true;
            // This also applies if the task was waiting: the task behind a blocked head may be next.
            case ClusterEvent.TaskCancelled e -> true;
            case ClusterEvent.AllocationReleased e -> true;
            case ClusterEvent.NodeRegistered e -> true;
            case ClusterEvent.NodeRecovered e -> true;
            case ClusterEvent.NodeConditionChanged e -> true;
            case ClusterEvent.PoolConfigured e -> true;
            case ClusterEvent.ClockSetBack e -> true;
            // There is less room, and tasks may now wait for another reason.
            case ClusterEvent.NodeSuspected e -> true;
            case ClusterEvent.NodeLost e -> true;
            case ClusterEvent.NodeShutDown e -> true;
            case ClusterEvent.GpuTakenOut e -> true;
            case ClusterEvent.NodeCordoned e -> true;
            case ClusterEvent.GpuReturned e -> true;
            case ClusterEvent.NodeUncordoned e -> true;
            case ClusterEvent.NodeDrained e -> false;
            case ClusterEvent.NodeSlow e -> false;
            case ClusterEvent.NodeOnPace e -> false;
            case ClusterEvent.OrchestratorStarted e -> false;
            case ClusterEvent.NodeFaulted e -> false;
            case ClusterEvent.StrayStopped e -> false;
            case ClusterEvent.TaskSubmitted e -> false;
            case ClusterEvent.RetryDue e -> false;
            case ClusterEvent.TaskRejected e -> false;
            case ClusterEvent.PendingReasonChanged e -> false;
            case ClusterEvent.TaskPlaced e -> false;
            case ClusterEvent.MemberStarted e -> false;
            case ClusterEvent.MemberCheckpointed e -> false;
            case ClusterEvent.MemberEnded e -> false;
            case ClusterEvent.TaskStarted e -> false;
            case ClusterEvent.TaskCheckpointed e -> false;
            case ClusterEvent.PreemptRequested e -> false;
            case ClusterEvent.CancelRequested e -> false;
            case ClusterEvent.SchedulerRan e -> false;
        };
    }

    private void arrived(TaskId taskId) {
        TaskRecord task = state.task(taskId);
        if (task != null) {
            QueueEntry entry = QueueEntry.of(task);
            if (state.queue().contains(entry)) {
                add(entry);
            }
        }
    }

    private void add(QueueEntry entry) {
        arrivals.add(entry);
        if (preemptive != null) {
            preemptive.add(task(entry));
        }
    }

    /** Returns when the order of tasks next changes without any event; empty if it does not. */
    OptionalLong nextChangeMs() {
        return preemptive == null ? OptionalLong.empty() : preemptive.nextChangeMs();
    }

    private boolean isOrderChanged(long nowMs) {
        OptionalLong change = nextChangeMs();
        return change.isPresent() && change.getAsLong() <= nowMs;
    }

    /** Returns whether a run would examine the queue. */
    boolean isDue(long nowMs) {
        return nodesChanged || !arrivals.isEmpty() || isOrderChanged(nowMs);
    }

    /** Places the tasks that fit, and records why the others do not; returns the number of tasks placed. */
    int run(Facts facts) {
        if (!isDue(facts.atMs())) {
            return 0;
        }
        if (nodesChanged) {
            misfits.clear();
        }
        int placed = runByOrder(facts);
        nodesChanged = false;
        arrivals.clear();
        return placed;
    }

    private int runByOrder(Facts facts) {
        if (preemptive != null) {
            return preemptive.run(facts);
        }
        return policy.order().isStrict() ? runStrict(facts) : runAll(facts);
    }

    /** Records for new arrivals that passes run only on request. */
    void explainManual(Facts facts) {
        for (QueueEntry entry : arrivals) {
            verdicts.explain(entry.taskId(), PendingReason.of(Code.SCHEDULER_MANUAL), facts);
        }
        if (preemptive != null) {
            preemptive.forgetReasons();
        }
        arrivals.clear();
        nodesChanged = true;
        toldManual = true;
    }

    private int runStrict(Facts facts) {
        int placed = 0;
        for (QueueEntry head = state.firstQueued(); head != null; head = state.firstQueued()) {
            if (!tryPlace(head, facts)) {
                if (blocked != null && !blocked.equals(head)) {
                    verdicts.explain(blocked.taskId(), BEHIND_IN_QUEUE, facts);
                }
                blocked = head;
                break;
            }
            placed++;
        }
        for (QueueEntry entry : toldManual ? List.copyOf(state.queue()) : arrivals) {
            if (!entry.equals(blocked)) {
                verdicts.explain(entry.taskId(), BEHIND_IN_QUEUE, facts);
            }
        }
        toldManual = false;
        return placed;
    }

    private int runAll(Facts facts) {
        int placed = 0;
        for (QueueEntry entry : new ArrayList<>(nodesChanged ? state.queue() : arrivals)) {
            if (state.queue().contains(entry) && tryPlace(entry, facts)) {
                placed++;
            }
        }
        return placed;
    }

    private boolean tryPlace(QueueEntry entry, Facts facts) {
        TaskRecord task = task(entry);
        Placement.Request request = Placement.Request.next(task);
        PendingReason known = misfits.get(request.shape());
        if (known != null) {
            verdicts.explain(entry.taskId(), known, facts);
            return false;
        }
        return switch (policy.placement().choose(request, state.nodes())) {
            case Placement.Place place -> {
                verdicts.place(task, place, facts);
                yield true;
            }
            case Placement.Nowhere nowhere -> {
                misfits.put(request.shape(), nowhere.reason());
                verdicts.explain(entry.taskId(), nowhere.reason(), facts);
                yield false;
            }
        };
    }

    private TaskRecord task(QueueEntry entry) {
        TaskRecord task = state.task(entry.taskId());
        if (task == null) {
            throw new IllegalStateException("The queue holds %s, which is not a task".formatted(entry.taskId()));
        }
        return task;
    }
}
