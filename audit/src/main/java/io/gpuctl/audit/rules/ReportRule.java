package io.gpuctl.audit.rules;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.core.Member;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node reported everything that the log says about an attempt, and no report of an end was lost. */
final class ReportRule implements Rule {
    /** A report of an end whose facts, if any, are still to come. */
    private record Open(Place place, TaskReport report) {}

    private final Violations violations;
    private final Counts counts;
    private final Function<TaskId, @Nullable TaskRecord> tasks;
    private final long consumed;
    private long factsAtMs;
    private final Deque<Open> open = new ArrayDeque<>();

    /**
     * {@code tasks} returns the current task, or null if it is over. For {@code consumed} see {@link PartitionLogs}.
     */
    ReportRule(Function<TaskId, @Nullable TaskRecord> tasks, long consumed, Counts counts, Violations violations) {
        this.tasks = tasks;
        this.consumed = consumed;
        this.counts = counts;
        this.violations = violations;
    }

    @Override
    public String name() {
        return "report";
    }

    @Override
    public void onReport(Place place, TaskReport report) {
        if (report.endsAttempt()) {
            open.add(new Open(place, report));
        }
    }

    @Override
    public void beforeFact(FactStep step) {
        Cause cause = step.fact().cause();
        factsAtMs = Math.max(factsAtMs, step.fact().atMs());
        if (cause.source().equals(Topics.TASK_REPORTS.name())) {
            closeBefore(cause.offset());
        }
        requireEnergyOfReport(step);
        AttemptId attempt = reported(step.fact().event());
        if (attempt == null) {
            return;
        }
        if (!cause.source().equals(Topics.TASK_REPORTS.name())) {
            add(
                    step.place(),
                    "its cause is %s, but must be a report of a node: %s"
                            .formatted(cause, step.fact().event()));
        } else if (step.cause() != null
                && step.cause().value() instanceof TaskReport report
                && !(report.attempt().equals(attempt)
                        && (says(report, step.fact().event()) || saysOfGang(report, step)))) {
            add(
                    step.place(),
                    "its cause %s says %s, but the fact is %s"
                            .formatted(step.cause().place(), report, step.fact().event()));
        }
    }

    /** Requires that facts count exactly the energy that a node reported. */
    private void requireEnergyOfReport(FactStep step) {
        long countedMj = step.fact().event().energyMj();
        boolean isSaid = step.fact().cause().source().equals(Topics.TASK_REPORTS.name())
                && (step.cause() == null
                        || (step.cause().value() instanceof TaskReport report && report.energyMj() == countedMj));
        if (countedMj > 0 && !isSaid) {
            add(
                    step.place(),
                    "it counts %d mJ, but its cause %s says %s"
                            .formatted(countedMj, step.fact().cause(), step.cause()));
        }
    }

    @Override
    public void onEnd() {
        closeBefore(Long.MAX_VALUE);
    }

    /** Returns the attempt of an event that only a report can cause; null for other events. */
    private static @Nullable AttemptId reported(ClusterEvent event) {
        if (event instanceof ClusterEvent.TaskStarted e) {
            return new AttemptId(e.taskId(), e.attempt());
        } else if (event instanceof ClusterEvent.MemberStarted e) {
            return new AttemptId(e.taskId(), e.attempt());
        } else if (event instanceof ClusterEvent.MemberCheckpointed e) {
            return new AttemptId(e.taskId(), e.attempt());
        } else if (event instanceof ClusterEvent.MemberEnded e) {
            return new AttemptId(e.taskId(), e.attempt());
        } else if (event instanceof ClusterEvent.TaskCheckpointed e) {
            return new AttemptId(e.taskId(), e.attempt());
        } else if (event instanceof ClusterEvent.TaskCompleted e) {
            return new AttemptId(e.taskId(), e.attempt());
        } else if (event instanceof ClusterEvent.TaskRequeued e && isReported(e.reason())) {
            return new AttemptId(e.taskId(), e.attempt());
        } else if (event instanceof ClusterEvent.TaskFailed e && isReported(e.reason())) {
            return new AttemptId(e.taskId(), e.attempt());
        }
        return null;
    }

    /** Returns whether only a report of the node can end an attempt for this reason. */
    private static boolean isReported(EndReason reason) {
        return switch (reason) {
            case TASK_FAILED, PREEMPTED, HARDWARE_FAULT, NODE_DRAINED -> true;
            case NODE_LOST, NODE_RESTARTED, NODE_SHUT_DOWN, ATTEMPT_LOST -> false;
        };
    }

    /** Returns whether the event requeues or fails the task for this reason. */
    private static boolean endsFor(EndReason reason, ClusterEvent event) {
        return (event instanceof ClusterEvent.TaskRequeued requeued && requeued.reason() == reason)
                || (event instanceof ClusterEvent.TaskFailed failed && failed.reason() == reason);
    }

    /** Returns whether the event requeues the task because it was told to release its GPUs. */
    private static boolean isPreempted(ClusterEvent event) {
        return event instanceof ClusterEvent.TaskRequeued requeued
                && (requeued.reason() == EndReason.PREEMPTED || requeued.reason() == EndReason.NODE_DRAINED);
    }

    /** Returns whether the event may follow from the report. */
    private static boolean says(TaskReport report, ClusterEvent event) {
        return switch (report) {
            case TaskReport.Started r -> event instanceof ClusterEvent.TaskStarted;
            case TaskReport.Progressed r -> false;
            case TaskReport.Checkpointed r ->
                event instanceof ClusterEvent.TaskStarted
                        || (event instanceof ClusterEvent.TaskCheckpointed saved
                                && saved.progressMs() == r.progressMs());
            case TaskReport.Completed r ->
                event instanceof ClusterEvent.TaskStarted || event instanceof ClusterEvent.TaskCompleted;
            case TaskReport.Failed r -> endsFor(EndReason.TASK_FAILED, event);
            case TaskReport.Stopped r ->
                (event instanceof ClusterEvent.TaskCheckpointed saved && saved.progressMs() == r.progressMs())
                        || isPreempted(event);
            case TaskReport.Faulted r -> endsFor(EndReason.HARDWARE_FAULT, event);
        };
    }

    /**
     * Returns whether the event may follow from the report, for a gang on several nodes: one node's report may complete
     * the earlier reports of the others.
     */
    private static boolean saysOfGang(TaskReport report, FactStep step) {
        TaskRecord task = step.pool().state().task(report.attempt().taskId());
        if (task == null || task.allocations().size() < 2) {
            return false;
        }
        ClusterEvent event = step.fact().event();
        boolean preempts = isPreempted(event);
        return switch (report) {
            case TaskReport.Started r -> isMemberStarted(event, r);
            case TaskReport.Progressed r -> false;
            case TaskReport.Checkpointed r ->
                isMemberStarted(event, r)
                        || event instanceof ClusterEvent.TaskCheckpointed
                        || (event instanceof ClusterEvent.MemberCheckpointed saved
                                && isOf(r, saved.nodeId())
                                && saved.progressMs() == r.progressMs());
            case TaskReport.Completed r ->
                isMemberStarted(event, r)
                        || isMemberEnded(event, r, true)
                        || event instanceof ClusterEvent.TaskCheckpointed
                        || preempts;
            case TaskReport.Failed r -> isMemberEnded(event, r, false);
            case TaskReport.Faulted r -> isMemberEnded(event, r, false);
            case TaskReport.Stopped r ->
                isMemberEnded(event, r, false) || event instanceof ClusterEvent.TaskCheckpointed || preempts;
        };
    }

    private static boolean isMemberStarted(ClusterEvent event, TaskReport report) {
        return event instanceof ClusterEvent.MemberStarted started && isOf(report, started.nodeId());
    }

    private static boolean isMemberEnded(ClusterEvent event, TaskReport report, boolean completed) {
        return event instanceof ClusterEvent.MemberEnded ended
                && isOf(report, ended.nodeId())
                && ended.completed() == completed;
    }

    private static boolean isOf(TaskReport report, NodeId nodeId) {
        return report.source().nodeId().equals(nodeId);
    }

    /**
     * Closes the reports before this offset, which have been processed: none of their attempts may still be current.
     */
    private void closeBefore(long offset) {
        for (Open next = open.peek(); next != null && next.place().offset() < offset; next = open.peek()) {
            open.remove();
            if (!isCurrent(next.report())) {
                continue;
            }
            if (next.place().offset() >= consumed) {
                counts.reportsPending++;
            } else if (!Refused.forItsTime(next.report().atMs(), factsAtMs)) {
                add(
                        next.place(),
                        "the node reported the end of the attempt, but in the log the attempt continues: "
                                + next.report());
            }
        }
    }

    private boolean isCurrent(TaskReport report) {
        TaskRecord task = tasks.apply(report.attempt().taskId());
        Member member = task == null ? null : task.member(report.source().nodeId());
        return task != null
                && (member == null || !member.isOver())
                && task.state().holdsGpus()
                && task.currentAttempt().equals(report.attempt())
                && task.allocations().stream()
                        .anyMatch(allocation ->
                                allocation.nodeId().equals(report.source().nodeId())
                                        && allocation.incarnation()
                                                == report.source().incarnation());
    }

    private void add(Place place, String text) {
        violations.add(name(), place, text);
    }
}
