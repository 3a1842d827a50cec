package io.gpuctl.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.request.JsonFields;
import io.gpuctl.cli.client.TaskComponents.Changed;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.form.SubmissionReader;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import io.gpuctl.experiments.trace.Arrival;
import io.gpuctl.experiments.trace.ReadingNotes;
import io.gpuctl.experiments.trace.TraceFormat;
import io.gpuctl.experiments.trace.Workload;
import io.gpuctl.experiments.trace.WorkloadFile;
import io.gpuctl.experiments.trace.WorkloadWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No component of a task is lost between the command line, the API, a workload file and the log. */
class TaskFormTest {

    /** A task with checkpoints: without checkpoints, some values of other components are not allowed. */
    private static final TaskSpec BASE = TaskSpec.of(
            new TaskId("base"), GpuRequest.whole(1, 0), Work.lasting(60_000).withCheckpoints(600_000, 0));

    @TempDir
    private Path directory;

    private static List<Changed> changes() {
        return TaskComponents.changes(BASE);
    }

    private static TaskSpec submitted(TaskSpec task) {
        byte[] body = Submission.of(task).toString().getBytes(StandardCharsets.UTF_8);
        return SubmissionReader.read(JsonFields.of(body, "a task", "{}"), () -> new TaskId("generated"))
                .task();
    }

    private Workload throughAFile(TaskSpec task) throws Exception {
        Path file = directory.resolve("workload.jsonl");
        var workload = new Workload("w", TraceFormat.GPUCTL, List.of(new Arrival(0, task)), ReadingNotes.NONE);
        WorkloadWriter.write(workload, file);
        return WorkloadFile.read(file);
    }

    @Test
    void everyComponentHasAField() {
        assertThat(changes().stream().map(Changed::place))
                .isSubsetOf(TaskForm.OF_TASK.stream()
                        .flatMap(field -> field.places().stream())
                        .toList());
    }

    @Test
    void aSubmissionMayHaveEveryFieldOfATask() {
        assertThat(TaskForm.OF_SUBMISSION).doesNotHaveDuplicates().containsAll(TaskForm.OF_TASK);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aSubmissionArrivesWhole(Changed changed) {
        assertThat(submitted(changed.task()))
                .as(changed.place())
                .isEqualTo(changed.task())
                .isNotEqualTo(submitted(BASE));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aWorkloadFileKeepsEverything(Changed changed) throws Exception {
        var read = throughAFile(changed.task());

        assertThat(read.arrivals()).as(changed.place()).containsExactly(new Arrival(0, changed.task()));
        assertThat(read.notes()).as(changed.place()).isEqualTo(ReadingNotes.NONE);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aDifferenceIsNamed(Changed changed) {
        Stream<String> names = TaskForm.OF_TASK.stream()
                .filter(field -> field.places().contains(changed.place()))
                .map(TaskField::name);

        assertThat(TaskForm.differences(BASE, changed.task()))
                .as(changed.place())
                .hasSize(1)
                .containsExactlyElementsOf(names.toList());
    }

    @Test
    void theSameTaskHasNoDifferences() {
        assertThat(TaskForm.differences(BASE, submitted(BASE))).isEmpty();
    }
}
