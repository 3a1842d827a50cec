package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import io.gpuctl.experiments.trace.ReadingNotes.RowsLeftOut;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadWriterTest {

    private static final Arrival ARRIVAL =
            new Arrival(5, TaskSpec.of(new TaskId("a"), GpuRequest.share(460, 1_024), Work.lasting(7)));

    private static final ReadingNotes NOTES = new ReadingNotes(
            List.of(new FieldWithoutCounterpart("qos", 3, "none")),
            List.of(new RowsLeftOut(2, "it did not run")),
            List.of("all is well"),
            Map.of("MaxProcs", "128"));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"w.jsonl", "w.jsonl.gz"})
    void whatIsWrittenIsReadAgain(String name) throws Exception {
        Path file = directory.resolve(name);
        var workload = new Workload("pods.csv", TraceFormat.OPENB, List.of(ARRIVAL), NOTES);

        WorkloadWriter.write(workload, file);

        assertThat(WorkloadFile.read(file))
                .isEqualTo(new Workload("pods.csv", TraceFormat.GPUCTL, List.of(ARRIVAL), NOTES));
    }

    @Test
    void writesALineForEachTask() throws Exception {
        Path file = directory.resolve("w.jsonl");

        WorkloadWriter.write(new Workload("w", TraceFormat.SWF, List.of(ARRIVAL), ReadingNotes.NONE), file);

        assertThat(file).hasContent("""
                {"format":"gpuctl-workload","version":1,"name":"w","notes":{"fields_without_counterpart":[],\
                "rows_left_out":[],"assumptions":[],"header":{}}}
                {"at_ms":5,"task":{"task_id":"a","pool":"default","user":"anonymous","priority":"normal",\
                "gpus":{"count":1,"milli":460,"memory_mib":1024},"cpu_milli":0,"memory_mib":0,"gpu_models":[],\
                "max_attempts":3,"work":{"duration_ms":7,"utilization":0.9,"exit_code":0}}}
                """);
    }

    @Test
    void compressesWhereTheNameSaysSo() throws Exception {
        Path file = directory.resolve("w.jsonl.gz");

        WorkloadWriter.write(new Workload("w", TraceFormat.SWF, List.of(ARRIVAL), NOTES), file);

        assertThat(Files.readAllBytes(file)).startsWith(0x1f, 0x8b);
    }

    @Test
    void leavesNothingOfWhatWasNotCommitted() throws Exception {
        Path file = Files.writeString(directory.resolve("w.jsonl"), "before");

        try (var writer = WorkloadWriter.create(file, "w", NOTES)) {
            writer.write(ARRIVAL);
        }

        assertThat(file).hasContent("before");
        assertThat(directory.toFile().list()).containsExactly("w.jsonl");
    }

    @Test
    void replacesWhatIsThereWithTheWhole() throws Exception {
        Path file = Files.writeString(directory.resolve("w.jsonl"), "before");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        try (var writer = WorkloadWriter.create(link, "w", NOTES)) {
            writer.write(ARRIVAL);
            assertThat(file).hasContent("before");
            writer.commit();
        }

        assertThat(WorkloadFile.read(file).arrivals()).containsExactly(ARRIVAL);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("w.jsonl", "link");
    }

    @Test
    void doesNotPutItselfInThePlaceOfADirectoryOrADevice() throws IOException {
        assertThatThrownBy(() -> WorkloadWriter.create(directory, "w", NOTES))
                .isInstanceOf(FileSystemException.class)
                .hasMessage("%s: it is not a regular file", directory);
        assertThatThrownBy(() -> WorkloadWriter.create(directory.resolve("none/w.jsonl"), "w", NOTES))
                .hasMessageEndingWith("there is no directory " + directory.resolve("none"));
    }
}
