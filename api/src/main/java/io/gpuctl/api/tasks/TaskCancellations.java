package io.gpuctl.api.tasks;

import io.gpuctl.api.kafka.CommandLog;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskCommand.CancelTask;
import io.gpuctl.telemetry.views.TaskView;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;

/** Asks the orchestrator to end a task. */
@ApplicationScoped
class TaskCancellations {

    private final CommandLog log;
    private final ClusterClock clock;

    TaskCancellations(CommandLog log, ClusterClock clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Asks the orchestrator to cancel the task. Returns false, without asking, if the task is already cancelled. Fails
     * with a {@link ProblemException}: 409 if the task ended otherwise, 503 if the broker is away.
     */
    Uni<Boolean> cancel(TaskView view) {
        return switch (view.state()) {
            case QUEUED, BACKING_OFF, PLACED, RUNNING, PREEMPTING, CANCELLING ->
                log.append(new CancelTask(view.task().pool(), view.task().taskId(), clock.nowMs()))
                        .replaceWith(true);
            case CANCELLED -> Uni.createFrom().item(false);
            case COMPLETED, FAILED, REJECTED ->
                Uni.createFrom()
                        .failure(ProblemException.of(
                                ProblemType.TASK_ENDED,
                                "%s is already %s, and cannot be cancelled"
                                        .formatted(
                                                view.task().taskId(),
                                                view.state().name().toLowerCase(Locale.ROOT))));
        };
    }
}
