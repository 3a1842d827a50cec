package io.gpuctl.api.tasks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.problem.Cursors;
import io.gpuctl.api.problem.Page;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.runtime.PageEnd;
import io.gpuctl.telemetry.views.TaskCursor;
import io.gpuctl.telemetry.views.TaskView;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of tasks. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "A page of tasks, oldest first.")
record TaskList(
        List<Task> tasks,

        @Schema(description = "Give this as cursor for the next page; absent on the last page.") @Nullable
        String nextCursor)
        implements Page {

    private static final char SEPARATOR = ':';

    static TaskList of(List<TaskView> views, int limit, long nowMs) {
        var tasks = views.stream().map(view -> Task.of(view, nowMs)).toList();
        // A full page may be the last one; the next page is then empty.
        String next = PageEnd.isFull(views, limit, TaskView::nodeCount)
                ? encode(views.getLast().cursor())
                : null;
        return new TaskList(tasks, next);
    }

    private static String encode(TaskCursor cursor) {
        return Cursors.encode(cursor.submittedAtMs() + String.valueOf(SEPARATOR) + cursor.taskId());
    }

    static TaskCursor decode(String cursor) {
        return Cursors.decode(cursor, place -> {
            int separator = place.indexOf(SEPARATOR);
            if (separator < 0) {
                throw new IllegalArgumentException("no separator");
            }
            return new TaskCursor(
                    Long.parseLong(place.substring(0, separator)), new TaskId(place.substring(separator + 1)));
        });
    }
}
