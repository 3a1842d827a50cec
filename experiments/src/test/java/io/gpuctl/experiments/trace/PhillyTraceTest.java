package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhillyTraceTest {

    private static final String HEADER = "timestamp,duration,num_gpus,gpu_time,cluster\n";

    @TempDir
    private Path directory;

    private Path file(String rows) throws IOException {
        return Files.writeString(directory.resolve("philly.csv"), HEADER + rows);
    }

    @Test
    void sortsByTimeAndCallsJobsAfterTheirRows() throws Exception {
        var workload = WorkloadFile.read(file("""
                2017-10-10 00:00:01,2951.5,4,11806.0,6214e9
                2017-10-09 23:59:59,66.0,1,66.0,11cb48

                2017-10-10 00:00:01,1,1,1,11cb48
                """));

        assertThat(workload.arrivals())
                .extracting(arrival -> arrival.task().taskId().value())
                .containsExactly("philly-00002", "philly-00001", "philly-00003");
        assertThat(workload.arrivals()).extracting(Arrival::atMs).containsExactly(0L, 2_000L, 2_000L);
        var task = workload.arrivals().get(1).task();
        assertThat(task.user()).isEqualTo("6214e9");
        assertThat(task.gpus()).isEqualTo(GpuRequest.whole(4, 0));
        assertThat(task.work().durationMs()).isEqualTo(2_951_500);
    }

    @Test
    void tellsThatGpuTimeIsNotUsed() throws Exception {
        var workload = WorkloadFile.read(file("2017-10-10 00:00:01,1,1,1,a\n2017-10-10 00:00:01,1,1,,a\n"));

        assertThat(workload.notes().fieldsWithoutCounterpart())
                .containsExactly(
                        new FieldWithoutCounterpart("gpu_time", 1, "it is duration times num_gpus, which a task has"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2017-02-29 00:00:01,1,1,1,a;timestamp is '2017-02-29 00:00:01', but must be a time as in '2017-10-09 07:01:55'",
                "1507532515,1,1,1,a;timestamp is '1507532515', but must be a time as in '2017-10-09 07:01:55'",
                "2017-10-10 00:00:01,-1,1,1,a;duration is '-1', but must be a number of at most 15 digits, perhaps with a fraction",
                "2017-10-10 00:00:01,1e15,1,1,a;duration is '1e15', but must be a number of at most 15 digits, perhaps with a fraction",
                "2017-10-10 00:00:01,400000000,1,1,a;duration in ms is 400000000000, but must be a number from 0 to 315360000000",
                "2017-10-10 00:00:01,1,1.5,1,a;num_gpus is '1.5', but must be a whole number of at most 6 digits",
                "2017-10-10 00:00:01,1,5000,1,a;num_gpus is 5000, but must be a number from 0 to 4096",
                "2017-10-10 00:00:01,1,1,1;has 4 values, but the header names 5 columns",
            })
    void namesTheLineThatIsWrong(String line, String problem) throws IOException {
        Path file = file("2017-10-10 00:00:01,1,1,1,a\n\n" + line + "\n2017-10-10 00:00:01,1,1,1,a\n");

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessage("%s, line 4: %s", file, problem);
    }
}
