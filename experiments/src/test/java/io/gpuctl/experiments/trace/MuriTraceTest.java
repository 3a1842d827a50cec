package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MuriTraceTest {

    private static final String HEADER = String.join(",", MuriTrace.COLUMNS) + "\n";
    private static final String FIRST = "7,8,201694000,8787693,dqn,128,4472936000,46122000,509,435,8,0.5,1\n";
    private static final String SECOND = "3,1,0,42,bert,4,2000,0,190,0.5,163,18,0\n";

    @TempDir
    private Path directory;

    private Path file(String rows) throws IOException {
        return Files.writeString(directory.resolve("trace.csv"), HEADER + rows);
    }

    @Test
    void makesATaskOfEachJob() throws Exception {
        var arrivals = WorkloadFile.read(file(FIRST + SECOND)).arrivals();

        assertThat(arrivals)
                .extracting(arrival -> arrival.task().taskId().value())
                .containsExactly("muri-3", "muri-7");
        assertThat(arrivals.getLast().atMs()).isEqualTo(201_694_000);
        assertThat(arrivals.getLast().task().gpus()).isEqualTo(GpuRequest.whole(8, 0));
        assertThat(arrivals.getLast().task().work().durationMs()).isEqualTo(4_472_936_000L);
    }

    @Test
    void givesTheNumbersAsTheyStandThereInTheOrderOfTheFile() throws Exception {
        assertThat(MuriTrace.readJobs(file(FIRST + SECOND)))
                .containsExactly(
                        new MuriJob(
                                7,
                                8,
                                201_694_000,
                                8_787_693,
                                "dqn",
                                128,
                                4_472_936_000.0,
                                46_122_000,
                                509,
                                List.of(435.0, 8.0, 0.5),
                                1),
                        new MuriJob(3, 1, 0, 42, "bert", 4, 2_000, 0, 190, List.of(0.5, 163.0, 18.0), 0));
    }

    @Test
    void tellsWhatAJobSaysAndATaskCannot() throws Exception {
        assertThat(WorkloadFile.read(file(FIRST + SECOND)).notes().fieldsWithoutCounterpart())
                .allSatisfy(field -> assertThat(field.rows()).isEqualTo(2))
                .extracting(FieldWithoutCounterpart::field)
                .containsExactly(
                        "iterations",
                        "model_name",
                        "batch_size",
                        "interval",
                        "iteration_time",
                        "resource_time_0",
                        "resource_time_1",
                        "resource_time_2",
                        "priority");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x,1,0,42,bert,4,2000,0,190,0.5,163,18,0;job_id is 'x', but must be a whole number of at most 15 digits",
                "4,-1,0,42,bert,4,2000,0,190,0.5,163,18,0;num_gpu is '-1', but must be a whole number of at most 6 digits",
                "4,1,,42,bert,4,2000,0,190,0.5,163,18,0;submit_time is '', but must be a number of at most 15 digits, perhaps with a fraction",
                "4,1,0,42,,4,2000,0,190,0.5,163,18,0;model_name is empty, but must be a name",
                "4,1,0,42,bert,4,2000,0,190,0.5,163,NaN,0;resource_time_2 is 'NaN', but must be a number of at most 15 digits, perhaps with a fraction",
                "7,1,0,42,bert,4,2000,0,190,0.5,163,18,0;the job_id 7 is already on line 2, but must be unique",
            })
    void namesTheLineThatIsWrong(String line, String problem) throws IOException {
        Path file = file(FIRST + line + "\n" + SECOND);

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessage("%s, line 3: %s", file, problem);
        assertThatThrownBy(() -> MuriTrace.readJobs(file)).hasMessage("%s, line 3: %s", file, problem);
    }
}
