package io.gpuctl.api.tasks;

import io.gpuctl.api.kafka.BrokerWatch;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.views.TaskView;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Finds a task, or determines for certain that it does not exist. */
@ApplicationScoped
class TaskLookup {

    private final ClusterViews views;
    private final BrokerWatch broker;

    TaskLookup(ClusterViews views, BrokerWatch broker) {
        this.views = views;
        this.broker = broker;
    }

    /**
     * Returns the task. If the task is not found, the views may only be a moment behind an acknowledged submission, so
     * before the answer is 404, the views must have seen every command written until now.
     */
    Uni<TaskView> task(String id) {
        return Uni.createFrom().deferred(() -> {
            var taskId = taskId(id);
            return inViews(taskId)
                    .chain(found -> found.isPresent()
                            ? Uni.createFrom().item(found)
                            : caughtUp().chain(() -> inViews(taskId)))
                    .map(found -> found.orElseThrow(() -> unknown(id)));
        });
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
        return broker.commandEnds().chain(views::whenSeen);
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
}
