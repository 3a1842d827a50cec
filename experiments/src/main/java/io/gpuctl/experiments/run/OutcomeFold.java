package io.gpuctl.experiments.run;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskLife;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.TaskStep;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.result.TaskOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Folds the facts of a run into the outcome of each task and the number of allocated GPUs over time. */
public final class OutcomeFold implements FactSink {
    private static final double MS_PER_SECOND = 1_000;
    private static final double MILLI_MS_PER_GPU_HOUR = GpuRequest.WHOLE * 3_600_000.0;

    private final Map<TaskId, Fate> fates = new LinkedHashMap<>();
    private final BiConsumer<Long, Long> allocated;
    private final long originMs;
    private long allocatedMilli;
    private long preemptions;
    /**
     * Wasted GPU time, in thousandths of a GPU times ms: a whole number, so that the order of adding does not change
     * it.
     */
    private long wastedMilliMs;
    /** The part of {@code wastedMilliMs} that neither a user nor the scheduler caused on purpose. */
    private long lostMilliMs;

    private long heldMilliMs;
    private long keptMilliMs;

    /** The state of a task so far. */
    private static final class Fate {
        final TaskSpec task;
        final long submitAtMs;
        TaskState state;

        @Nullable
        Long startAtMs;

        @Nullable
        Long endAtMs;

        int attempts;
        List<Allocation> allocations = List.of();
        private long milli;
        long placedAtMs;
        /** Work that was saved before the current attempt, ms. */
        long progressBeforeMs;
        /** Work that is saved now, ms. */
        long progressMs;

        boolean holdsGpus;

        /** {@code begin} is the first step of the task. */
        Fate(TaskSpec task, TaskStep begin, long submitAtMs) {
            this.task = task;
            this.submitAtMs = submitAtMs;
            state = TaskLife.target(begin);
        }

        /** What the newest attempt held, in thousandths of a GPU. */
        long milli() {
            return milli;
        }

        void hold(List<Allocation> held) {
            allocations = held;
            milli = 0;
            for (Allocation allocation : held) {
                milli += allocation.totalGpuMilli();
            }
        }
    }

    /**
     * Creates a fold for a run without facts yet.
     *
     * @param originMs when the run begins, in the time of the facts; the results count time from then
     * @param allocated receives each change of the allocation: the time (ms since {@code originMs}) and the GPUs
     *     allocated from then on (thousandths)
     */
    public OutcomeFold(long originMs, BiConsumer<Long, Long> allocated) {
        this.originMs = originMs;
        this.allocated = allocated;
    }

    @Override
    public void accept(Fact fact) {
        if (fact.event() instanceof ClusterEvent.OfTask event) {
            take(event, fact.atMs());
        }
    }

    private void take(ClusterEvent.OfTask event, long atMs) {
        TaskStep step = TaskStep.of(event, atMs);
        switch (event) {
            case ClusterEvent.TaskSubmitted e -> begin(e.task(), step, atMs);
            case ClusterEvent.TaskRejected e -> begin(e.task(), step, atMs);
            case ClusterEvent.OfTask e -> change(of(e), e, step, atMs);
        }
    }

    private void begin(TaskSpec task, TaskStep step, long atMs) {
        Fate fate = new Fate(task, step, atMs);
        fates.put(task.taskId(), fate);
        enter(fate, step, atMs);
    }

    private void change(Fate fate, ClusterEvent.OfTask event, TaskStep step, long atMs) {
        switch (event) {
            // These begin a task.
            case ClusterEvent.TaskSubmitted _, ClusterEvent.TaskRejected _ -> {}
            case ClusterEvent.PendingReasonChanged e -> {}
            case ClusterEvent.TaskPlaced e -> place(fate, e, atMs);
            // For gangs, the facts of the task itself suffice.
            case ClusterEvent.MemberStarted e -> {}
            case ClusterEvent.MemberCheckpointed e -> {}
            case ClusterEvent.MemberEnded e -> {}
            case ClusterEvent.TaskStarted e -> start(fate, atMs);
            case ClusterEvent.TaskCheckpointed e -> fate.progressMs = e.progressMs();
            case ClusterEvent.TaskCompleted e -> {
                fate.progressMs = fate.task.work().durationMs();
                release(fate, atMs, null);
            }
            case ClusterEvent.PreemptRequested e -> {}
            case ClusterEvent.TaskRequeued e -> {
                preemptions += e.reason() == EndReason.PREEMPTED ? 1 : 0;
                release(fate, atMs, e.reason());
            }
            case ClusterEvent.RetryDue e -> {}
            case ClusterEvent.TaskFailed e -> release(fate, atMs, e.reason());
            case ClusterEvent.CancelRequested e -> {}
            case ClusterEvent.TaskCancelled e -> release(fate, atMs, EndReason.PREEMPTED);
        }
        enter(fate, step, atMs);
    }

    private Fate of(ClusterEvent.OfTask event) {
        Fate fate = fates.get(event.taskId());
        if (fate == null) {
            throw new IllegalStateException("Task %s was not submitted".formatted(event.taskId()));
        }
        return fate;
    }

    private void place(Fate fate, ClusterEvent.TaskPlaced event, long atMs) {
        fate.hold(event.allocations());
        fate.placedAtMs = atMs;
        fate.progressBeforeMs = fate.progressMs;
        fate.holdsGpus = true;
        allocate(fate.milli(), atMs);
    }

    private static void start(Fate fate, long atMs) {
        fate.attempts++;
        if (fate.startAtMs == null) {
            fate.startAtMs = atMs;
        }
    }

    private static void enter(Fate fate, TaskStep step, long atMs) {
        if (TaskLife.changesState(step)) {
            fate.state = TaskLife.target(step);
            if (fate.state.isFinal()) {
                fate.endAtMs = atMs;
            }
        }
    }

    /**
     * Records that the task no longer holds GPUs. Its work since the last checkpoint may be lost.
     *
     * @param reason null if the task has completed
     */
    private void release(Fate fate, long atMs, @Nullable EndReason reason) {
        if (!fate.holdsGpus) {
            return;
        }
        fate.holdsGpus = false;
        long heldMs = atMs - fate.placedAtMs;
        long keptMs = fate.progressMs - fate.progressBeforeMs;
        heldMilliMs += heldMs * fate.milli();
        keptMilliMs += keptMs * fate.milli();
        if (reason != null) {
            long wastedMs = Math.max(0, heldMs - keptMs);
            wastedMilliMs += wastedMs * fate.milli();
            lostMilliMs += isWanted(reason) ? 0 : wastedMs * fate.milli();
        }
        allocate(-fate.milli(), atMs);
    }

    /** Returns whether a user, or the scheduler for another task, ended the attempt on purpose. */
    private static boolean isWanted(EndReason reason) {
        return switch (reason) {
            case PREEMPTED -> true;
            case TASK_FAILED, NODE_LOST, NODE_RESTARTED, NODE_SHUT_DOWN, ATTEMPT_LOST, HARDWARE_FAULT, NODE_DRAINED ->
                false;
        };
    }

    private void allocate(long milli, long atMs) {
        allocatedMilli += milli;
        allocated.accept(atMs - originMs, allocatedMilli);
    }

    /** Returns the GPUs that all tasks together hold, in thousandths. */
    long allocatedMilli() {
        return allocatedMilli;
    }

    public long preemptions() {
        return preemptions;
    }

    /** Returns the GPU hours lost in attempts that neither a user nor the scheduler ended on purpose. */
    double lostGpuHours() {
        return lostMilliMs / MILLI_MS_PER_GPU_HOUR;
    }

    /** Returns the work that ended attempts did and kept, at full clock, in % of the GPU time allocated to them. */
    double goodputPercent() {
        return heldMilliMs == 0 ? 100 : 100.0 * keptMilliMs / heldMilliMs;
    }

    public double wastedGpuHours() {
        return wastedMilliMs / MILLI_MS_PER_GPU_HOUR;
    }

    /** Returns the outcomes of the tasks in the order of submission, without their energy. */
    public List<TaskOutcome> outcomes() {
        return outcomes(_ -> null);
    }

    /**
     * Returns the outcomes of the tasks in the order of submission.
     *
     * @param energyKwh of a task; null if the run has no power model
     */
    List<TaskOutcome> outcomes(Function<TaskId, @Nullable Double> energyKwh) {
        List<TaskOutcome> outcomes = new ArrayList<>(fates.size());
        fates.forEach((taskId, fate) -> outcomes.add(outcome(fate, energyKwh.apply(taskId))));
        return outcomes;
    }

    private TaskOutcome outcome(Fate fate, @Nullable Double energyKwh) {
        long workMs = fate.task.work().durationMs();
        return new TaskOutcome(
                fate.task.taskId().value(),
                fate.task.user(),
                (fate.submitAtMs - originMs) / MS_PER_SECOND,
                seconds(fate.startAtMs),
                seconds(fate.endAtMs),
                workMs == Work.MAX_DURATION_MS ? null : Double.valueOf(workMs / MS_PER_SECOND),
                fate.attempts,
                nodes(fate.allocations),
                (double) fate.task.gpus().totalMilli() / GpuRequest.WHOLE,
                fate.state,
                energyKwh);
    }

    private static List<String> nodes(List<Allocation> allocations) {
        return allocations.size() == 1
                ? List.of(allocations.getFirst().nodeId().value())
                : allocations.stream()
                        .map(allocation -> allocation.nodeId().value())
                        .toList();
    }

    private @Nullable Double seconds(@Nullable Long ms) {
        return ms == null ? null : Double.valueOf((ms - originMs) / MS_PER_SECOND);
    }
}
