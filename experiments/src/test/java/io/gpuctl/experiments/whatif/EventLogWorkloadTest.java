package io.gpuctl.experiments.whatif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.experiments.trace.TraceFormat;
import io.gpuctl.experiments.trace.Workload;
import io.gpuctl.experiments.trace.WorkloadFile;
import io.gpuctl.experiments.trace.WorkloadFormatException;
import io.gpuctl.experiments.trace.WorkloadWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tasks submitted to one cluster are a workload for another. */
class EventLogWorkloadTest {
    @TempDir
    private Path directory;

    @Test
    void hasEveryTaskThatWasSubmitted() throws Exception {
        Path log = directory.resolve("log");
        VirtualRecording.write(log, "fifo");

        Workload workload = WorkloadFile.read(log);

        assertThat(workload.format()).isEqualTo(TraceFormat.LOG);
        assertThat(workload.arrivals()).hasSize(VirtualRecording.TASKS);
        assertThat(workload.arrivals()).allMatch(arrival -> arrival.atMs() >= 0 && arrival.atMs() < 3_600_000);
        assertThat(workload.notes().fieldsWithoutCounterpart())
                .extracting(field -> field.field())
                .contains("cancellations", "nodes lost", "nodes shut down", "faults of nodes");
    }

    @Test
    void isTheSameInTheOwnFormat() throws Exception {
        Path log = directory.resolve("log");
        VirtualRecording.write(log, "fifo");
        Workload workload = WorkloadFile.read(log, new WorkloadFile.Options(TraceFormat.LOG, false));
        Path file = directory.resolve("tasks.jsonl");

        WorkloadWriter.write(workload, file);

        assertThat(WorkloadFile.read(file).arrivals()).isEqualTo(workload.arrivals());
    }

    @Test
    void anotherDirectoryIsNone() throws Exception {
        Path empty = Files.createDirectories(directory.resolve("empty"));

        assertThatThrownBy(() -> WorkloadFile.read(empty))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith(empty.resolve("manifest.json") + ": the file does not exist");
    }
}
