package io.gpuctl.api.tasks;

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
 * Reads the body of {@code POST /tasks}, whose fields are those of {@link TaskForm}. All errors are reported at once:
 * 400 if the body is not a JSON object or a field has the wrong JSON type, otherwise 422.
 */
final class TaskRequest {

    private static final List<String> FIELDS =
            TaskForm.OF_SUBMISSION.stream().map(TaskField::name).toList();

    private TaskRequest() {}

    /**
     * Returns the submission in the body.
     *
     * @param generatedId chooses the id if the body does not
     * @throws ProblemException with all errors in the body
     */
    static Submission parse(byte[] body, Supplier<TaskId> generatedId) {
        var fields = JsonFields.of(body, "a task", "{\"duration\": 60}");
        fields.allow(FIELDS);
        return SubmissionReader.read(fields, generatedId);
    }
}
