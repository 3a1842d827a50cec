package io.gpuctl.api.tasks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.request.Page;
import io.gpuctl.api.request.Paging;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.views.TaskCursor;
import io.gpuctl.telemetry.views.TaskView;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of tasks. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "A page of tasks, oldest first.")
record TaskList(List<Task> tasks, @Nullable String nextCursor) implements Page {

    private static final char SEPARATOR = ':';

    static TaskList of(List<TaskView> views, int limit, long nowMs) {
        var tasks = views.stream().map(view -> Task.of(view, nowMs)).toList();
        String next = Paging.next(views, limit, TaskView::nodeCount, view -> place(view.cursor()));
        return new TaskList(tasks, next);
    }

    private static String place(TaskCursor cursor) {
        return cursor.submittedAtMs() + String.valueOf(SEPARATOR) + cursor.taskId();
    }

    /** See {@link Paging#after}. */
    static @Nullable TaskCursor after(@Nullable String cursor) {
        return Paging.after(cursor, place -> {
            int separator = place.indexOf(SEPARATOR);
            if (separator < 0) {
                throw new IllegalArgumentException("no separator");
            }
            return new TaskCursor(
                    Long.parseLong(place.substring(0, separator)), new TaskId(place.substring(separator + 1)));
        });
    }
}
