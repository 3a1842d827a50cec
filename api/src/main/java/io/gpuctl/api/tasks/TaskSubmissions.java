package io.gpuctl.api.tasks;

import com.fasterxml.jackson.databind.node.TextNode;
import io.gpuctl.api.kafka.CommandLog;
import io.gpuctl.api.kafka.CommandPosition;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskCommand.SubmitTask;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.form.SubmissionReader.Submission;
import io.gpuctl.events.form.TaskForm;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.telemetry.views.TaskView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Submits tasks. The first submission of an id in the log is the task: the log decides between simultaneous submissions
 * to several instances, so each submission is written, and then waits until the views have read it and know whose the
 * id is.
 *
 * <p>That order exists within a pool; which pool gets an id that a client chose is decided before, see
 * {@link TaskIdClaims}.
 */
@ApplicationScoped
class TaskSubmissions {
    /**
     * Maximum number of submissions in progress. Each waits for everything before it in the log, so beyond the
     * cluster's capacity, more submissions delay all, until none is answered in time: it is better to refuse some at
     * once. By Little's law, 500 at 700 a second take 0.7 s.
     */
    private static final int UNDER_WAY_MAX = 500;

    private final Capacity capacity;
    private final TaskIdClaims claims;
    private final CommandLog log;
    private final ClusterViews views;
    private final ClusterClock clock;
    private final MeterRegistry metrics;
    private final UnderWay underWay = new UnderWay(UNDER_WAY_MAX);

    TaskSubmissions(
            Capacity capacity,
            TaskIdClaims claims,
            CommandLog log,
            ClusterViews views,
            ClusterClock clock,
            MeterRegistry metrics) {
        this.capacity = capacity;
        this.claims = claims;
        this.log = log;
        this.views = views;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Submits a task. Returns the task in the views once its submission, or an earlier identical one, is durable and
     * has won the id. Fails with a {@link ProblemException}: 409 if the id is another task's, 422 if it can never fit,
     * 503 if the broker or the views are away, or {@value #UNDER_WAY_MAX} other submissions are in progress.
     *
     * @param isIdNew whether the id was generated for this submission, so that no other submission can have it
     */
    Uni<TaskView> submit(Submission submission, boolean isIdNew) {
        return underWay.admit(() -> decide(submission, isIdNew))
                .onItemOrFailure()
                .invoke((_, failure) -> count(failure));
    }

    private Uni<TaskView> decide(Submission submission, boolean isIdNew) {
        TaskSpec task = submission.task();
        return known(
                        task,
                        () -> (submission.allowUnknown() ? Uni.createFrom().voidItem() : capacity.check(task))
                                .chain(() -> isIdNew
                                        ? write(task)
                                        : claims.claim(task).chain(() -> known(task, () -> write(task)))))
                .invoke(view -> checkSame(task, view));
    }

    /** Returns the task with this id in any pool; if there is none, the result of {@code otherwise}. */
    private Uni<TaskView> known(TaskSpec task, Supplier<Uni<TaskView>> otherwise) {
        return views.task(task.taskId())
                .chain(known -> known.map(view -> Uni.createFrom().item(view)).orElseGet(otherwise));
    }

    private Uni<TaskView> write(TaskSpec task) {
        return log.append(new SubmitTask(task, clock.nowMs()))
                .chain(this::whenSeen)
                .chain(() -> views.task(task.pool(), task.taskId()))
                .map(found -> found.orElseThrow(() -> ProblemException.of(
                        ProblemType.VIEWS_NOT_READY,
                        "The submission was written, but is not in the views; try again")));
    }

    private Uni<Void> whenSeen(CommandPosition position) {
        return views.whenSeen(Map.of(position.partition(), position.offset() + 1));
    }

    private static void checkSame(TaskSpec task, TaskView view) {
        if (!view.task().equals(task)) {
            var differences = TaskForm.differences(task, view.task());
            throw ProblemException.of(
                    ProblemType.TASK_EXISTS,
                    new FieldError(
                            "task_id",
                            TextNode.valueOf(task.taskId().value()),
                            "an id that no task has, or the same submission as before",
                            "%s belongs to a task with another %s"
                                    .formatted(task.taskId(), String.join(", ", differences))));
        }
    }

    private void count(@Nullable Throwable failure) {
        String outcome = switch (failure) {
            case null -> "accepted";
            case ProblemException e -> Integer.toString(e.problem().status());
            default -> "500";
        };
        Counter.builder("gpuctl.task.submissions")
                .description(Metric.TASK_SUBMISSIONS.help())
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }
}
