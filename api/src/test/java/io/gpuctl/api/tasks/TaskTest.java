package io.gpuctl.api.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskTest {

    /** Only the history of a task shows these fields, which describe what a simulated task does on its GPUs. */
    private static final List<TaskField<?>> NOT_SHOWN = List.of(TaskForm.UTILIZATION, TaskForm.EXIT_CODE);

    @Test
    void showsEveryOtherFieldThatWasSubmitted() {
        assertThat(Arrays.stream(Task.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .map(SnakeCaseStrategy.INSTANCE::translate))
                .containsAll(TaskForm.OF_TASK.stream()
                        .filter(field -> !NOT_SHOWN.contains(field))
                        .map(TaskField::name)
                        .toList());
    }
}
