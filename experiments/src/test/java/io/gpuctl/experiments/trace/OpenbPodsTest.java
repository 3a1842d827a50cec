package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenbPodsTest {

    private static final String HEADER =
            "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n";

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("pods.csv"), content);
    }

    private List<Arrival> arrivals(String content) throws IOException, WorkloadFormatException {
        return WorkloadFile.read(file(content)).arrivals();
    }

    @Test
    void readsEveryColumn() throws Exception {
        var arrivals = arrivals(HEADER + "pod-1,6000,12288,1,460,V100|T4,LS,Running,100,400,160\n");

        var arrival = arrivals.getFirst();
        assertThat(arrival.atMs()).isEqualTo(100_000);
        assertThat(arrival.task().taskId()).hasToString("pod-1");
        assertThat(arrival.task().gpus()).isEqualTo(GpuRequest.share(460, 0));
        assertThat(arrival.task().cpuMilli()).isEqualTo(6_000);
        assertThat(arrival.task().memoryMib()).isEqualTo(12_288);
        assertThat(arrival.task().gpuModels()).containsExactly("V100", "T4");
        assertThat(arrival.task().work().durationMs()).isEqualTo(240_000);
    }

    @Test
    void aPodThatWasNeverScheduledLastsFromItsCreation() throws Exception {
        var arrivals = arrivals(HEADER + "pod-1,1,1,0,0,,BE,Pending,100,400,\n");

        assertThat(arrivals.getFirst().task().work().durationMs()).isEqualTo(300_000);
        assertThat(arrivals.getFirst().task().gpus()).isEqualTo(GpuRequest.NONE);
    }

    @Test
    void sortsByArrivalAndKeepsTheFilesOrderWithinASecond() throws Exception {
        var arrivals = arrivals(HEADER
                + "late,1,1,0,0,,BE,Running,9,10,9\n"
                + "b,1,1,0,0,,BE,Running,5,10,5\n"
                + "a,1,1,0,0,,BE,Running,5,10,5\n");

        assertThat(arrivals)
                .extracting(arrival -> arrival.task().taskId().value())
                .containsExactly("b", "a", "late");
    }

    @Test
    void readsListsThatHaveOnlyTheRequests() throws Exception {
        var arrivals = arrivals("name,cpu_milli,memory_mib,num_gpu,gpu_milli\npod-1,1,1,8,1000\n");

        assertThat(arrivals).singleElement().satisfies(arrival -> {
            assertThat(arrival.atMs()).isZero();
            assertThat(arrival.task().gpus()).isEqualTo(GpuRequest.whole(8, 0));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x,1,1,1,1000,,BE,Running,5,ten,5;deletion_time is 'ten', but must be a whole number of at most 15 digits",
                "x,1,1,1,1000,,BE,Running,5,4,5;deletion_time is 4, but must be no earlier than scheduled_time 5",
                "x,1,1,1,1001,,BE,Running,5,10,5;gpu_milli is 1001, but must be a number from 1 to 1000",
                "x,1,1,2,500,,BE,Running,5,10,5;gpu_milli is 500, but must be a number from 1000 to 1000",
                "x,1,1;has 3 values, but the header names 11 columns",
                "first,1,1,0,0,,BE,Running,5,10,5;the name first is already on line 2, but must be unique"
            })
    void namesTheLineThatIsWrong(String line, String problem) throws IOException {
        Path file = file(HEADER + "first,1,1,0,0,,BE,Running,5,10,5\n" + line + "\n");

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessage("%s, line 3: %s", file, problem);
    }

    @Test
    void wantsAllOfTheTimesOrNone() throws IOException {
        Path file = file("name,cpu_milli,memory_mib,num_gpu,gpu_milli,creation_time\na,1,1,0,0,1\n");

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .hasMessage(
                        "%s, line 1: the header must name all of the columns creation_time,deletion_time,scheduled_time or none: arrivals and durations need all",
                        file);
    }

    @Test
    void tellsWhatAPodSaysAndATaskCannot() throws Exception {
        var workload = WorkloadFile.read(file(
                HEADER.strip() + ",zone\n" + "a,1,1,0,0,,BE,Running,5,10,5,\n" + "b,1,1,0,0,,,Running,5,10,,west\n"));

        assertThat(workload.notes().fieldsWithoutCounterpart())
                .extracting(FieldWithoutCounterpart::field, FieldWithoutCounterpart::rows)
                .containsExactly(tuple("qos", 1L), tuple("pod_phase", 2L), tuple("zone", 1L));
        assertThat(workload.notes().assumptions())
                .singleElement()
                .asString()
                .startsWith("1 pods have no scheduled_time");
    }

    /** The workload against which Weng et al. measure fragmentation, with their numbers. */
    @Test
    void thePublishedListMakesThePublishedTargetWorkload() throws Exception {
        Path file = Path.of("../../shared/traces/openb/openb_pod_list_default.csv");
        assumeThat(file).as("the openb trace, at %s", file.toAbsolutePath()).exists();

        List<TaskSpec> tasks =
                WorkloadFile.read(file).arrivals().stream().map(Arrival::task).toList();
        List<TargetWorkload.Kind> kinds = TargetWorkload.of(tasks).kinds();

        assertThat(kinds).hasSize(35);
        assertThat(kinds.getFirst()).isEqualTo(new TargetWorkload.Kind(3_152, 810, 1, List.of(), 1_047 / 7_766.0));
        assertThat(kinds.getLast()).isEqualTo(new TargetWorkload.Kind(4_152, 810, 1, List.of(), 31 / 7_766.0));
    }
}
