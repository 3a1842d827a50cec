package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import io.gpuctl.experiments.trace.ReadingNotes.RowsLeftOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwfLogTest {

    private static final String HEADER = """
            ; Version: 2.2
            ;     MaxProcs: 128
            ; Information: http://www.nas.nasa.gov/
            ;              http://www.cs.huji.ac.il/
            ; Empty:
            ; Note: There is no information on wait times
            ;       group 1 is normal users
            ;
            ; Note: cleaned
            """;

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("log.swf"), content);
    }

    private Workload read(String rows) throws IOException, WorkloadFormatException {
        return WorkloadFile.read(file(HEADER + rows));
    }

    @Test
    void takesWhatWasRequestedWhereTheLogKnowsIt() throws Exception {
        var workload = read("\t3  20 5 1451 128 1.5 2000 64 3600 1024 1 7 1 9 2 1 -1 -1\n");

        var arrival = workload.arrivals().getFirst();
        assertThat(arrival.atMs()).isEqualTo(20_000);
        assertThat(arrival.task().taskId()).hasToString("swf-3");
        assertThat(arrival.task().user()).isEqualTo("user-7");
        assertThat(arrival.task().gpus()).isEqualTo(GpuRequest.whole(64, 0));
        assertThat(arrival.task().memoryMib()).isEqualTo(64);
        assertThat(arrival.task().work().durationMs()).isEqualTo(1_451_000);
        assertThat(workload.notes().assumptions()).isEmpty();
    }

    @Test
    void takesWhatWasAllocatedWhereItDoesNot() throws Exception {
        var workload = read("57 25574 -1 0 32 -1 -1 -1 -1 -1 -1 -1 1 2 -1 -1 -1 -1\n");

        var task = workload.arrivals().getFirst().task();
        assertThat(task.gpus()).isEqualTo(GpuRequest.whole(32, 0));
        assertThat(task.user()).isEqualTo("anonymous");
        assertThat(task.memoryMib()).isZero();
        assertThat(task.work().durationMs()).isZero();
        assertThat(workload.notes().assumptions()).singleElement().asString().contains("times of the starts");
    }

    @Test
    void keepsTheHeader() throws Exception {
        assertThat(read("1 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1\n")
                        .notes()
                        .header())
                .containsExactly(
                        entry("Version", "2.2"),
                        entry("MaxProcs", "128"),
                        entry("Information", "http://www.nas.nasa.gov/\nhttp://www.cs.huji.ac.il/"),
                        entry("Note", "There is no information on wait times\ngroup 1 is normal users\ncleaned"));
    }

    @Test
    void sortsByTimeAndKeepsTheOrderWithinASecond() throws Exception {
        assertThat(read("""
                9 5 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1
                8 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1
                7 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1
                """).arrivals())
                .extracting(arrival -> arrival.task().taskId().value())
                .containsExactly("swf-8", "swf-7", "swf-9");
    }

    @Test
    void tellsWhatAJobSaysAndATaskCannot() throws Exception {
        var notes = read("""
                1 0 5 1451 128 1.5 2000 64 3600 1024 1 7 1 9 2 1 4 60
                2 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1
                """).notes();

        assertThat(notes.fieldsWithoutCounterpart())
                .extracting(FieldWithoutCounterpart::field, FieldWithoutCounterpart::rows)
                .containsExactly(
                        tuple("field 3 (wait time)", 1L),
                        tuple("field 5 (allocated processors)", 1L),
                        tuple("field 6 (average CPU time)", 1L),
                        tuple("field 7 (used memory)", 1L),
                        tuple("field 9 (requested time)", 1L),
                        tuple("field 11 (status)", 1L),
                        tuple("field 13 (group)", 2L),
                        tuple("field 14 (application)", 1L),
                        tuple("field 15 (queue)", 1L),
                        tuple("field 16 (partition)", 1L),
                        tuple("field 17 (preceding job)", 1L),
                        tuple("field 18 (think time)", 1L));
    }

    @Test
    void countsTheRowsThatAreNoTask() throws Exception {
        var workload = read("""
                1 0 -1 10 4 -1 -1 -1 -1 -1 1 1 1 -1 -1 -1 -1 -1
                1 0 -1 5 4 -1 -1 -1 -1 -1 2 1 1 -1 -1 -1 -1 -1
                1 5 -1 5 4 -1 -1 -1 -1 -1 3 1 1 -1 -1 -1 -1 -1
                2 0 -1 -1 4 -1 -1 4 -1 -1 5 1 1 -1 -1 -1 -1 -1
                3 0 -1 10 0 -1 -1 -1 -1 -1 5 1 1 -1 -1 -1 -1 -1
                4 -1 -1 10 1 -1 -1 -1 -1 -1 5 1 1 -1 -1 -1 -1 -1
                """);

        assertThat(workload.arrivals()).hasSize(1);
        assertThat(workload.notes().rowsLeftOut())
                .containsExactly(
                        new RowsLeftOut(2, "a part of a job that another line holds as a whole (status 2, 3 or 4)"),
                        new RowsLeftOut(1, "the run time is unknown"),
                        new RowsLeftOut(1, "the number of processors is unknown"),
                        new RowsLeftOut(1, "the submit time is unknown"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2 0 -1 10 4;has 5 fields, but must have 18, separated by blanks",
                "2 0 -1 ten 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1;field 4 (run time) is 'ten', but must be a number, or -1 if unknown",
                "2 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 x;field 18 (think time) is 'x', but must be a number, or -1 if unknown",
                "2 -5 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1;field 2 (submit time) is '-5', but must be a number of at most 15 digits, perhaps with a fraction",
                "2 0 -1 10 4.5 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1;field 5 (allocated processors) is '4.5', but must be a whole number of at most 6 digits",
                "2 0 -1 10 4 -1 -1 5000 -1 -1 -1 1 1 -1 -1 -1 -1 -1;field 8 (requested processors) is 5000, but must be at most 4096, the largest number of GPUs",
                "2 0 -1 400000000 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1;field 4 (run time) in ms is 400000000000, but must be a number from 0 to 315360000000",
                "2 0 -1 1 1000 -1 -1 -1 -1 99999999999999 -1 1 1 -1 -1 -1 -1 -1;field 10 (requested memory) of all processors in MiB is 97656250000000, but must be a number from 0 to 1099511627776",
                "-1 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1;field 1 (job number) is '-1', but must be a whole number of at most 12 digits",
                "1 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1;the job number 1 is already on line 10, but must be unique",
            })
    void namesTheLineThatIsWrong(String line, String problem) throws IOException {
        String good = "1 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1\n";
        Path file = file(HEADER + good + "\n; a comment between\n" + line + "\n");

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessage("%s, line 13: %s", file, problem);
    }
}
