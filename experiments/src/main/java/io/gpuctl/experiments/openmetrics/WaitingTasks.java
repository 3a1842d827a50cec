package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.telemetry.core.TaskView;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tasks of a pool that wait: as many as wait, whatever the length of a log. */
final class WaitingTasks {
    private static final double MS_PER_SECOND = 1_000;

    private final Map<TaskId, Waiting> tasks = new TreeMap<>();

    /** {@code sinceMs}: when the task came into the queue, anew after each attempt. */
    private record Waiting(TaskView view, long sinceMs) {}

    /** A task after a fact about it; null if it is forgotten. */
    void update(TaskId taskId, @Nullable TaskView view, long atMs) {
        if (view == null || !waits(view.state())) {
            tasks.remove(taskId);
            return;
        }
        Waiting before = tasks.get(taskId);
        tasks.put(taskId, new Waiting(view, before == null ? atMs : before.sinceMs()));
    }

    private static boolean waits(TaskState state) {
        return state == TaskState.QUEUED || state == TaskState.BACKING_OFF;
    }

    void collect(PoolId pool, long nowMs, MetricSink sink) {
        Map<PendingReason.Code, Integer> reasons = new EnumMap<>(PendingReason.Code.class);
        Map<Priority, Long> sinceMs = new EnumMap<>(Priority.class);
        long requestedMilli = 0;
        for (Waiting waiting : tasks.values()) {
            TaskView view = waiting.view();
            PendingReason reason = view.pendingReason();
            reasons.merge(reason == null ? PendingReason.Code.AWAITING_PASS : reason.code(), 1, Integer::sum);
            sinceMs.merge(view.task().priority(), waiting.sinceMs(), Math::min);
            requestedMilli += view.task().gpus().totalMilli();
        }
        for (var code : PendingReason.Code.values()) {
            sink.sample(Metric.TASKS_WAITING, reasons.getOrDefault(code, 0), pool.value(), Words.of(code));
        }
        for (var priority : Priority.values()) {
            long waitedMs = Math.max(0, nowMs - sinceMs.getOrDefault(priority, nowMs));
            sink.sample(Metric.OLDEST_WAIT, waitedMs / MS_PER_SECOND, pool.value(), Words.of(priority));
        }
        sink.sample(Metric.GPUS_REQUESTED, (double) requestedMilli / GpuRequest.WHOLE, pool.value());
    }
}
