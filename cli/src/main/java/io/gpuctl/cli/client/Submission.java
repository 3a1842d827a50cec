package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import org.jspecify.annotations.Nullable;

/** Builds the body of {@code POST /tasks}. */
public final class Submission {

    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    Submission() {}

    /** Writes all fields of the task; leaves nothing to the server's defaults. */
    public static ObjectNode of(TaskSpec task) {
        var submission = new Submission();
        TaskForm.OF_TASK.forEach(field -> submission.put(field, field.of(task)));
        return submission.body;
    }

    /** Sets the field, unless the value is null: then the server chooses the value. */
    void put(TaskField<?> field, @Nullable Object value) {
        if (value != null) {
            body.putPOJO(field.name(), value);
        }
    }

    ObjectNode body() {
        return body;
    }
}
