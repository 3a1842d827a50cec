package io.gpuctl.api.tasks;

import io.gpuctl.api.answer.JsonAnswer;
import io.gpuctl.api.answer.JsonRenderer;
import io.gpuctl.api.views.RunningTasks;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.telemetry.runtime.Memo;
import io.gpuctl.telemetry.views.TaskView;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Returns a task as clients see it now, as JSON. The JSON of a finished task depends only on its view, so it is
 * rendered once, and again when the view has changed.
 */
@ApplicationScoped
class ShownTasks {

    /** The JSON of a gang on more nodes is not remembered: all that is remembered must not take much memory. */
    private static final int REMEMBERED_NODES_MAX = 64;

    private final RunningTasks running;
    private final ClusterClock clock;
    private final JsonRenderer json;
    private final Memo<TaskView, JsonAnswer> finished = new Memo<>();

    ShownTasks(RunningTasks running, ClusterClock clock, JsonRenderer json) {
        this.running = running;
        this.clock = clock;
        this.json = json;
    }

    /** Returns the task with the energy of its running attempt. */
    Uni<JsonAnswer> one(TaskView view) {
        if (view.finishedAtMs() != null && view.nodeCount() <= REMEMBERED_NODES_MAX) {
            return Uni.createFrom().item(finished.get(view.task().taskId().hashCode(), view, this::rendered));
        }
        return running.joules(view).map(joules -> json.render(Task.of(view, clock.nowMs(), joules.orElse(null))));
    }

    private JsonAnswer rendered(TaskView ended) {
        // No duration of a finished task still grows, so any time will do.
        return json.render(Task.of(ended, 0));
    }
}
