package io.gpuctl.api.tasks;

import io.gpuctl.api.kafka.BrokerWatch;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.views.TaskFold;
import io.gpuctl.telemetry.views.TaskView;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a task, or determines for certain that it does not exist: in the views, and in the newest commands, which the
 * views may not have processed yet.
 */
@ApplicationScoped
class TaskLookup {

    /** How long to wait for views that have not processed an older command, before they count as behind. */
    private static final Duration VIEWS_BEHIND = Duration.ofSeconds(1);

    private final ClusterViews views;
    private final RecentCommands recent;
    private final BrokerWatch broker;

    TaskLookup(ClusterViews views, RecentCommands recent, BrokerWatch broker) {
        this.views = views;
        this.recent = recent;
        this.broker = broker;
    }

    /**
     * What is known about an id.
     *
     * @param task the task, from the views or from its submission; empty if there is none
     * @param begins where the newest commands began, by partition; views with the commands before them have answered
     */
    record Known(Optional<TaskView> task, Map<Integer, Long> begins) {}

    /**
     * Returns the task of any pool. If the task is not found, an acknowledged submission may not have been read yet, so
     * before the answer is 404, every command written until now must have been read.
     */
    Uni<TaskView> task(String id) {
        return Uni.createFrom().deferred(() -> {
            var taskId = taskId(id);
            return inViews(taskId)
                    .chain(found -> found.isPresent() ? Uni.createFrom().item(found.get()) : written(taskId));
        });
    }

    private Uni<TaskView> written(TaskId taskId) {
        return caughtUp()
                .chain(() -> known(taskId))
                .chain(known -> known.task().isPresent()
                        ? Uni.createFrom().item(known.task().get())
                        : notRemembered(taskId));
    }

    private Uni<TaskView> notRemembered(TaskId taskId) {
        return views.pools()
                .map(pools -> pools.stream().anyMatch(pool -> pool.tasksForgotten() > 0))
                .chain(mayBeForgotten ->
                        Uni.createFrom().failure(mayBeForgotten ? perhapsForgotten(taskId) : unknown(taskId.value())));
    }

    /** Returns what the views and the commands that this instance has read say about an id, in any pool. */
    Uni<Known> known(TaskId taskId) {
        return Uni.createFrom().deferred(() -> {
            if (!recent.hasBegun()) {
                return Uni.createFrom().failure(broker.isAway() ? broker.away() : notBegun());
            }
            var begins = recent.begins();
            return views.whenSeen(begins)
                    .chain(() -> inViews(taskId))
                    .chain(found -> found.isPresent() ? Uni.createFrom().item(found) : inWindow(taskId))
                    // The windows rarely move, so one more try finds them where they were.
                    .chain(found -> found.isPresent() || recent.reachBackTo(begins)
                            ? Uni.createFrom().item(new Known(found, begins))
                            : known(taskId));
        });
    }

    /** Looks the task up in the newest commands, which also have the submissions of tasks that are forgotten by now. */
    private Uni<Optional<TaskView>> inWindow(TaskId taskId) {
        var submitted = recent.first(taskId);
        Optional<TaskView> provisional = submitted.map(placed -> TaskFold.provisional(placed.submission()));
        if (submitted.isEmpty() || recent.isRecent(submitted.get())) {
            return Uni.createFrom().item(provisional);
        }
        var position = submitted.get().position();
        return views.whenSeen(Map.of(position.partition(), position.offset() + 1))
                .ifNoItem()
                .after(VIEWS_BEHIND)
                .fail()
                .chain(() -> inViews(taskId))
                // Views that are behind have not forgotten the task.
                .onFailure()
                .recoverWithItem(provisional);
    }

    private static ProblemException notBegun() {
        return ProblemException.of(
                ProblemType.VIEWS_NOT_READY, "The API does not read the newest commands yet; try again");
    }

    /**
     * Looks the task up in the views. If that fails while the broker is away, the broker is the cause, because the
     * views stop without it.
     */
    private Uni<Optional<TaskView>> inViews(TaskId taskId) {
        return views.task(taskId).onFailure().transform(failure -> broker.isAway() ? broker.away() : failure);
    }

    private Uni<Void> caughtUp() {
        if (broker.isAway()) {
            return Uni.createFrom().failure(broker.away());
        }
        return broker.commandEnds().chain(recent::whenRead);
    }

    private static TaskId taskId(String id) {
        try {
            return new TaskId(id);
        } catch (InvalidFieldException e) {
            throw unknown(id);
        }
    }

    private static ProblemException unknown(String id) {
        return ProblemException.of(ProblemType.NOT_FOUND, "There is no task " + id);
    }

    private static ProblemException perhapsForgotten(TaskId taskId) {
        return ProblemException.of(
                ProblemType.NOT_FOUND,
                "There is no task %1$s, or it finished so long ago that only the log has it: GET /events?task=%1$s with Last-Event-ID: 0-0-0-0"
                        .formatted(taskId));
    }
}
