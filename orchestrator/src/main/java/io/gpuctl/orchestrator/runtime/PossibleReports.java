package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskReport;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Checks whether a report is possible: an attempt cannot do more work than its task has, work faster than a GPU can, or
 * draw more power than its GPUs can. The bounds are wide, because a wrongly refused report costs a task its work: they
 * detect forged or broken reports, not small errors.
 */
final class PossibleReports {
    /** The fastest pace that a node may report, see {@link TaskReport.Progressed#PACE_MILLI_MAX}. */
    private static final long PACE_MAX = TaskReport.Progressed.PACE_MILLI_MAX / TaskReport.Progressed.FULL_PACE_MILLI;

    /** A GPU briefly draws a little more than its limit, but never twice as much. */
    private static final double POWER_OVER_LIMIT_MAX = 2;

    /** The maximum difference between the clocks of a node and the orchestrator, ms of wall-clock time. */
    private static final long CLOCKS_APART_WALL_MS = 60_000;

    private final ClusterClock clock;

    PossibleReports(ClusterClock clock) {
        this.clock = clock;
    }

    /** Returns what is impossible in the report; empty if nothing is. */
    Optional<String> whyNot(TaskReport report, PoolState state) {
        TaskRecord task = state.task(report.attempt().taskId());
        if (task == null || !task.state().holdsGpus() || !task.currentAttempt().equals(report.attempt())) {
            return Optional.empty(); // The report has no effect.
        }
        return whyNotWork(report, task).or(() -> whyNotInTime(report, task, state));
    }

    private static Optional<String> whyNotWork(TaskReport report, TaskRecord task) {
        long workMs = task.spec().work().durationMs();
        return switch (report) {
            case TaskReport.Started _, TaskReport.Completed _, TaskReport.Failed _ -> Optional.empty();
            case TaskReport.Progressed r -> atMost("progress_ms", r.progressMs(), workMs);
            case TaskReport.Checkpointed r ->
                atMost("progress_ms", r.progressMs(), workMs).or(() -> whyNotAfter(r, task));
            case TaskReport.Stopped r -> atMost("progress_ms + lost_ms", r.progressMs() + r.lostMs(), workMs);
            case TaskReport.Faulted r -> atMost("lost_ms", r.lostMs(), workMs);
        };
    }

    private static Optional<String> atMost(String field, long value, long workMs) {
        return value <= workMs
                ? Optional.empty()
                : Optional.of("%s is %d, but the task has %d ms of work".formatted(field, value, workMs));
    }

    /** Checks that saved work does not decrease; not for gangs, whose members save at different times. */
    private static Optional<String> whyNotAfter(TaskReport.Checkpointed report, TaskRecord task) {
        return !task.members().isEmpty() || report.progressMs() >= task.progressMs()
                ? Optional.empty()
                : Optional.of("progress_ms is %d, but the attempt has saved %d ms of work before"
                        .formatted(report.progressMs(), task.progressMs()));
    }

    private Optional<String> whyNotInTime(TaskReport report, TaskRecord task, PoolState state) {
        OptionalLong ran = ranMsAtMost(task.startedAtMs(), report, state);
        if (ran.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong sinceSaved = ranMsAtMost(Math.max(task.startedAtMs(), task.progressAtMs()), report, state);
        long doneMsMax = task.progressMs() + PACE_MAX * sinceSaved.orElse(ran.getAsLong());
        long doneMs = doneMs(report, task);
        if (doneMs > doneMsMax) {
            return Optional.of(
                    "it says that %d ms of work are done, but at most %d can be in the time that the attempt has run"
                            .formatted(doneMs, doneMsMax));
        }
        long energyMjMax = energyMjMax(report, task, state, ran.getAsLong());
        return report.energyMj() <= energyMjMax
                ? Optional.empty()
                : Optional.of("energy_mj is %d, but its GPUs can have drawn at most %d since the attempt has started"
                        .formatted(report.energyMj(), energyMjMax));
    }

    /**
     * Returns the most time that can have passed since {@code sinceMs}, a time of a fact, ms of cluster time; empty if
     * that time is ahead of the clock, or the attempt has not started on all its nodes.
     */
    private OptionalLong ranMsAtMost(long sinceMs, TaskReport report, PoolState state) {
        if (sinceMs < 0 || sinceMs > clock.nowMs()) {
            return OptionalLong.empty();
        }
        long nowMs = Math.max(report.atMs(), state.lastAtMs());
        return OptionalLong.of(Math.max(0, nowMs - sinceMs) + clock.clusterDurationMs(CLOCKS_APART_WALL_MS));
    }

    private static long doneMs(TaskReport report, TaskRecord task) {
        return switch (report) {
            case TaskReport.Started _, TaskReport.Failed _ -> 0;
            case TaskReport.Progressed r -> r.progressMs();
            case TaskReport.Checkpointed r -> r.progressMs();
            case TaskReport.Completed _ -> task.spec().work().durationMs();
            case TaskReport.Stopped r -> r.progressMs() + r.lostMs();
            case TaskReport.Faulted r -> r.lostMs();
        };
    }

    private static long energyMjMax(TaskReport report, TaskRecord task, PoolState state, long ranMs) {
        Node node = state.node(report.source().nodeId());
        if (node == null) {
            return Long.MAX_VALUE;
        }
        double watts = POWER_OVER_LIMIT_MAX * node.inventory().gpuLimitPowerWatts();
        long gpus = task.allocations().stream()
                .filter(allocation -> allocation.nodeId().equals(node.id()))
                .map(Allocation::gpus)
                .mapToLong(indexes -> indexes.size())
                .sum();
        return (long) (watts * gpus * ranMs); // W times ms is mJ.
    }
}
