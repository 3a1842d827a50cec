package io.gpuctl.api.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.request.JsonFields;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.form.SubmissionReader;
import io.gpuctl.events.form.SubmissionReader.Submission;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads a task in a body of {@code POST /tasks}, whose fields are those of {@link TaskForm}. All errors are reported at
 * once: 400 if the task is not a JSON object or a field has the wrong JSON type, otherwise 422.
 */
final class TaskRequest {

    private static final String SUBJECT = "a task";
    private static final String EXAMPLE = "{\"duration\": 60}";
    private static final List<String> FIELDS =
            TaskForm.OF_SUBMISSION.stream().map(TaskField::name).toList();

    private TaskRequest() {}

    /**
     * Returns the submission in a body with one task.
     *
     * @param generatedId chooses the id if the body does not
     * @throws ProblemException with all errors in the body
     */
    static Submission parse(byte[] body, Supplier<TaskId> generatedId) {
        return parse(JsonFields.of(body, SUBJECT, EXAMPLE), generatedId);
    }

    /** Returns the submission in a part of a body; see {@link #parse(byte[], Supplier)}. */
    static Submission parse(JsonNode task, Supplier<TaskId> generatedId) {
        return parse(JsonFields.of(task, "The task", SUBJECT, EXAMPLE), generatedId);
    }

    private static Submission parse(JsonFields fields, Supplier<TaskId> generatedId) {
        fields.allow(FIELDS);
        return SubmissionReader.read(fields, generatedId);
    }
}
