package io.gpuctl.cli.workload;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.AllocationReleased;
import io.gpuctl.events.ClusterEvent.CancelRequested;
import io.gpuctl.events.ClusterEvent.ClockSetBack;
import io.gpuctl.events.ClusterEvent.GpuReturned;
import io.gpuctl.events.ClusterEvent.GpuTakenOut;
import io.gpuctl.events.ClusterEvent.MemberCheckpointed;
import io.gpuctl.events.ClusterEvent.MemberEnded;
import io.gpuctl.events.ClusterEvent.MemberStarted;
import io.gpuctl.events.ClusterEvent.NodeConditionChanged;
import io.gpuctl.events.ClusterEvent.NodeCordoned;
import io.gpuctl.events.ClusterEvent.NodeDrained;
import io.gpuctl.events.ClusterEvent.NodeFaulted;
import io.gpuctl.events.ClusterEvent.NodeLost;
import io.gpuctl.events.ClusterEvent.NodeOnPace;
import io.gpuctl.events.ClusterEvent.NodeRecovered;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.NodeShutDown;
import io.gpuctl.events.ClusterEvent.NodeSlow;
import io.gpuctl.events.ClusterEvent.NodeSuspected;
import io.gpuctl.events.ClusterEvent.NodeUncordoned;
import io.gpuctl.events.ClusterEvent.OrchestratorStarted;
import io.gpuctl.events.ClusterEvent.PendingReasonChanged;
import io.gpuctl.events.ClusterEvent.PoolConfigured;
import io.gpuctl.events.ClusterEvent.PreemptRequested;
import io.gpuctl.events.ClusterEvent.RetryDue;
import io.gpuctl.events.ClusterEvent.SchedulerRan;
import io.gpuctl.events.ClusterEvent.StrayStopped;
import io.gpuctl.events.ClusterEvent.TaskCancelled;
import io.gpuctl.events.ClusterEvent.TaskCheckpointed;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskFailed;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRejected;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.ClusterEvent.TaskStarted;
import io.gpuctl.events.ClusterEvent.TaskSubmitted;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskLife;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.TaskStep;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The state of a workload's run, folded from the facts. So the result is the same after a restart, and reflects the log
 * instead of the submitter's view. Tasks outside the workload count only for the GPU allocation. Not thread-safe.
 */
final class RunFold {

    /** The tasks of the workload that are in the log. */
    private final Map<TaskId, Progress> tasks = new HashMap<>();

    private final Set<TaskId> workload;
    private final Map<TaskId, Long> allocatedMilli = new HashMap<>();
    private final Map<NodeId, Integer> gpusOfNode = new HashMap<>();
    private final Map<TaskState, Integer> tasksByState = new EnumMap<>(TaskState.class);
    private final Map<PendingReason.Code, Integer> rejectionsByReason = new EnumMap<>(PendingReason.Code.class);
    private final AllocationSeries allocation = new AllocationSeries();

    /** ms of cluster time, three significant digits. */
    private final Histogram completionTimes = new Histogram(3);

    private final Histogram queueingTimes = new Histogram(3);
    private long newestAtMs;
    private int requeues;
    private int preemptions;

    /** The state of a task, and the start of its times. */
    private static final class Progress {
        private TaskState state;
        private final long submittedAtMs;
        private boolean wasPlaced;

        Progress(TaskState state, long submittedAtMs) {
            this.state = state;
            this.submittedAtMs = submittedAtMs;
        }
    }

    RunFold(Set<TaskId> workload) {
        this.workload = workload;
    }

    void apply(Fact fact) {
        newestAtMs = Math.max(newestAtMs, fact.atMs());
        switch (fact.event()) {
            case ClusterEvent.OfTask event -> applyToTask(event, fact.atMs());
            case NodeRegistered event ->
                gpusOfNode.put(event.nodeId(), event.inventory().gpuCount());
            case OrchestratorStarted _,
                    PoolConfigured _,
                    ClockSetBack _,
                    SchedulerRan _,
                    StrayStopped _,
                    AllocationReleased _,
                    NodeConditionChanged _,
                    NodeSuspected _,
                    NodeRecovered _,
                    NodeLost _,
                    NodeFaulted _,
                    NodeShutDown _,
                    GpuTakenOut _,
                    GpuReturned _,
                    NodeCordoned _,
                    NodeUncordoned _,
                    NodeDrained _,
                    NodeSlow _,
                    NodeOnPace _ -> {}
        }
    }

    private void applyToTask(ClusterEvent.OfTask event, long atMs) {
        TaskStep step = TaskStep.of(event, atMs);
        switch (event) {
            case TaskSubmitted submitted -> begin(submitted.taskId(), step, atMs);
            case TaskRejected rejected -> {
                if (begin(rejected.taskId(), step, atMs)) {
                    rejectionsByReason.merge(rejected.reason().code(), 1, Integer::sum);
                }
            }
            case TaskPlaced placed -> place(placed, step, atMs);
            case TaskStarted _, RetryDue _, PreemptRequested _, CancelRequested _ -> take(event.taskId(), step);
            case TaskRequeued requeued -> requeue(requeued, step, atMs);
            case TaskCompleted _, TaskFailed _, TaskCancelled _ -> finish(event.taskId(), step, atMs);
            case PendingReasonChanged _, TaskCheckpointed _, MemberStarted _, MemberCheckpointed _, MemberEnded _ -> {}
        }
    }

    private boolean begin(TaskId taskId, TaskStep step, long atMs) {
        if (!workload.contains(taskId)) {
            return false;
        }
        // A task that can never fit is submitted and rejected, in one fact or in two.
        if (!tasks.containsKey(taskId)) {
            Progress progress = new Progress(TaskLife.target(step), atMs);
            tasks.put(taskId, progress);
            tasksByState.merge(progress.state, 1, Integer::sum);
            allocation.advanceTo(atMs);
        }
        take(taskId, step);
        return true;
    }

    /** Accepts each fact in any state of the task: a summary of a log with lost facts is better than none. */
    private @Nullable Progress take(TaskId taskId, TaskStep step) {
        Progress progress = tasks.get(taskId);
        if (progress != null) {
            tasksByState.merge(progress.state, -1, Integer::sum);
            progress.state = TaskLife.believed(progress.state, step);
            tasksByState.merge(progress.state, 1, Integer::sum);
        }
        return progress;
    }

    private void place(TaskPlaced placed, TaskStep step, long atMs) {
        long milli = placed.allocations().stream()
                .mapToLong(Allocation::totalGpuMilli)
                .sum();
        release(placed.taskId(), atMs);
        allocatedMilli.put(placed.taskId(), milli);
        allocation.change(atMs, milli);
        Progress progress = take(placed.taskId(), step);
        if (progress != null && !progress.wasPlaced) {
            progress.wasPlaced = true;
            queueingTimes.recordValue(Math.max(0, atMs - progress.submittedAtMs));
        }
    }

    private void requeue(TaskRequeued requeued, TaskStep step, long atMs) {
        release(requeued.taskId(), atMs);
        if (take(requeued.taskId(), step) != null) {
            requeues++;
            preemptions += requeued.reason() == EndReason.PREEMPTED ? 1 : 0;
        }
    }

    private void finish(TaskId taskId, TaskStep step, long atMs) {
        release(taskId, atMs);
        Progress progress = take(taskId, step);
        if (progress != null && progress.state == TaskState.COMPLETED) {
            completionTimes.recordValue(Math.max(0, atMs - progress.submittedAtMs));
        }
    }

    private void release(TaskId taskId, long atMs) {
        Long milli = allocatedMilli.remove(taskId);
        if (milli != null) {
            allocation.change(atMs, -milli);
        }
    }

    /** Returns whether the task is in the log. */
    boolean knows(TaskId taskId) {
        return tasks.containsKey(taskId);
    }

    /** Returns the current state. */
    RunStatus status() {
        return new RunStatus(
                newestAtMs, workload.size(), new EnumMap<>(tasksByState), allocation.currentMilli(), capacityMilli());
    }

    /** Returns the summary, with the allocation in {@code parts} equal parts of the time. */
    RunSummary summary(int parts) {
        double capacity = Math.max(1, capacityMilli());
        return new RunSummary(
                status(),
                new EnumMap<>(rejectionsByReason),
                requeues,
                preemptions,
                RunSummary.Percentiles.of(completionTimes),
                RunSummary.Percentiles.of(queueingTimes),
                new RunSummary.GpuAllocation(
                        allocation.spanMs(),
                        allocation.meanMilli() / capacity,
                        allocation.maxMilli() / capacity,
                        allocation.means(parts).stream()
                                .map(milli -> milli / capacity)
                                .toList()));
    }

    private long capacityMilli() {
        return gpusOfNode.values().stream()
                .mapToLong(gpus -> (long) gpus * GpuRequest.WHOLE)
                .sum();
    }
}
