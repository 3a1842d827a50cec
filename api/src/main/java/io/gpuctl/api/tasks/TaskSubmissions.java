package io.gpuctl.api.tasks;

import com.fasterxml.jackson.databind.node.TextNode;
import io.gpuctl.api.kafka.CommandLog;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.tasks.RecentCommands.Placed;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskCommand.SubmitTask;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.form.SubmissionReader.Submission;
import io.gpuctl.events.form.TaskForm;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.telemetry.views.TaskFold;
import io.gpuctl.telemetry.views.TaskView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Submits tasks. The first submission of an id in the log is the task: the log decides between simultaneous submissions
 * to several instances, so a submission of an id that a client chose is written, and then waits until this instance has
 * read the log up to it. It does not wait for the views, which fold each command and may be seconds behind.
 *
 * <p>That order exists within a pool; which pool gets an id that a client chose is decided before, see
 * {@link TaskIdClaims}.
 */
@ApplicationScoped
class TaskSubmissions {
    /**
     * Maximum number of submissions in progress. Beyond the capacity of the broker, more submissions delay all, until
     * none is answered in time: it is better to refuse some at once. By Little's law, 1,000 at 2,500 a second take 0.4
     * s.
     */
    private static final int UNDER_WAY_MAX = 1_000;

    private final Capacity capacity;
    private final TaskIdClaims claims;
    private final TaskLookup lookup;
    private final RecentCommands recent;
    private final CommandLog log;
    private final ClusterViews views;
    private final ClusterClock clock;
    private final MeterRegistry metrics;
    private final UnderWay underWay = new UnderWay(UNDER_WAY_MAX);

    TaskSubmissions(
            Capacity capacity,
            TaskIdClaims claims,
            TaskLookup lookup,
            RecentCommands recent,
            CommandLog log,
            ClusterViews views,
            ClusterClock clock,
            MeterRegistry metrics) {
        this.capacity = capacity;
        this.claims = claims;
        this.lookup = lookup;
        this.recent = recent;
        this.log = log;
        this.views = views;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Submits a task. Returns the task once its submission, or an earlier identical one, is durable and has won the id.
     * Fails with a {@link ProblemException}: 409 if the id is another task's, 422 if it can never fit, 503 if the
     * broker is away, if the views are starting, or if {@value #UNDER_WAY_MAX} other submissions are in progress.
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
        Uni<Void> fits = submission.allowUnknown() ? Uni.createFrom().voidItem() : capacity.check(task);
        if (isIdNew) {
            return fits.chain(() -> append(task)).map(placed -> TaskFold.provisional(placed.submission()));
        }
        return unlessKnown(
                        task,
                        begins -> fits.chain(() -> claims.claim(task))
                                .chain(claimed ->
                                        claimed ? unlessKnown(task, later -> write(task, later)) : write(task, begins)))
                .invoke(view -> checkSame(task, view));
    }

    /**
     * Returns the task with this id in any pool; if there is none, the result of {@code otherwise}, which gets the
     * places up to which the views were asked.
     */
    private Uni<TaskView> unlessKnown(TaskSpec task, Function<Map<Integer, Long>, Uni<TaskView>> otherwise) {
        return lookup.known(task.taskId())
                .chain(known -> known.task()
                        .map(view -> Uni.createFrom().item(view))
                        .orElseGet(() -> otherwise.apply(known.begins())));
    }

    private Uni<Placed> append(TaskSpec task) {
        var submission = new SubmitTask(task, clock.nowMs());
        return log.append(submission).map(position -> new Placed(position, submission));
    }

    /** Writes the submission, and returns the task that the first submission of the id in the log has created. */
    private Uni<TaskView> write(TaskSpec task, Map<Integer, Long> begins) {
        return append(task).chain(written -> {
            var ends = Map.of(written.position().partition(), written.position().offset() + 1);
            return recent.whenRead(ends).chain(() -> {
                var first = recent.first(task.pool(), task.taskId());
                return first.filter(recent::isRecent).isPresent() && recent.reachBackTo(begins)
                        ? Uni.createFrom().item(TaskFold.provisional(first.get().submission()))
                        : views.whenSeen(ends).chain(() -> inViews(task));
            });
        });
    }

    private Uni<TaskView> inViews(TaskSpec task) {
        return views.task(task.pool(), task.taskId())
                .map(found -> found.orElseThrow(() -> ProblemException.of(
                        ProblemType.VIEWS_NOT_READY,
                        "The submission was written, but is not in the views; try again")));
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
