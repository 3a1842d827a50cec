package io.gpuctl.api.tasks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.events.TaskId;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of one task of a request with several tasks: a line of the answer. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "What became of one task of a request with several tasks.")
record TaskOutcome(
        @Schema(description = "The line of the task in the request, or its place in the array, from 1.", examples = "1")
        int line,

        @Schema(description = "The status that a request with this task alone would get.", examples = "201")
        int status,

        @Schema(description = "The task's id; absent if it cannot be read.", examples = "task_001") @Nullable
        String taskId,

        @Schema(description = "The error; absent if the task was submitted.") @Nullable
        Problem problem) {

    static TaskOutcome submitted(int line, TaskId taskId) {
        return new TaskOutcome(line, 201, taskId.value(), null);
    }

    static TaskOutcome refused(int line, @Nullable TaskId taskId, Problem problem) {
        return new TaskOutcome(line, problem.status(), taskId == null ? null : taskId.value(), problem.at(null));
    }
}
