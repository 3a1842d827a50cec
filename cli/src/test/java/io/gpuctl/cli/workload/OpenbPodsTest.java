package io.gpuctl.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TaskSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
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

    @Test
    void readsEveryColumn() throws Exception {
        var arrivals = OpenbPods.read(file(HEADER + "pod-1,6000,12288,1,460,V100|T4,LS,Running,100,400,160\n"));

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
        var arrivals = OpenbPods.read(file(HEADER + "pod-1,1,1,0,0,,BE,Pending,100,400,\n"));

        assertThat(arrivals.getFirst().task().work().durationMs()).isEqualTo(300_000);
        assertThat(arrivals.getFirst().task().gpus()).isEqualTo(GpuRequest.NONE);
    }

    @Test
    void sortsByArrivalAndKeepsTheFilesOrderWithinASecond() throws Exception {
        var arrivals = OpenbPods.read(file(HEADER
                + "late,1,1,0,0,,BE,Running,9,10,9\n"
                + "b,1,1,0,0,,BE,Running,5,10,5\n"
                + "a,1,1,0,0,,BE,Running,5,10,5\n"));

        assertThat(arrivals)
                .extracting(arrival -> arrival.task().taskId().value())
                .containsExactly("b", "a", "late");
    }

    @Test
    void readsListsThatHaveOnlyTheRequests() throws Exception {
        var arrivals = OpenbPods.read(file("name,cpu_milli,memory_mib,num_gpu,gpu_milli\npod-1,1,1,8,1000\n"));

        assertThat(arrivals).singleElement().satisfies(arrival -> {
            assertThat(arrival.atMs()).isZero();
            assertThat(arrival.task().gpus()).isEqualTo(GpuRequest.whole(8, 0));
        });
    }

    @Test
    void readsCompressedLists() throws Exception {
        Path file = directory.resolve("pods.csv.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write((HEADER + "pod-1,1,1,0,0,,BE,Running,5,10,5\n").getBytes(StandardCharsets.UTF_8));
        }

        assertThat(OpenbPods.read(file)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x,1,1,1,1000,,BE,Running,5,ten,5;deletion_time is 'ten', but must be a whole number of at most 10 digits",
                "x,1,1,1,1000,,BE,Running,5,4,5;deletion_time is 4, but must be no earlier than scheduled_time 5",
                "x,1,1,1,1001,,BE,Running,5,10,5;gpus.milli is 1001, but must be a number from 1 to 1000",
                "x,1,1,2,500,,BE,Running,5,10,5;gpus.milli is 500, but must be a number from 1000 to 1000",
                "x,1,1;has 3 values, but the header names 11 columns",
                "first,1,1,0,0,,BE,Running,5,10,5;the name first stands on line 2 too"
            })
    void namesTheLineThatIsWrong(String line, String problem) throws IOException {
        Path file = file(HEADER + "first,1,1,0,0,,BE,Running,5,10,5\n" + line + "\n");

        assertThatThrownBy(() -> OpenbPods.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessage("%s, line 3: %s", file, problem);
    }

    @Test
    void saysWhatTheHeaderMustName() throws IOException {
        Path file = file("sn,cpu_milli,memory_mib,gpu,model\na,1,1,1,T4\n");

        assertThatThrownBy(() -> OpenbPods.read(file))
                .hasMessageContaining("line 1: the header must name the columns name,cpu_milli");
    }

    @Test
    void refusesAnEmptyFileAndOneThatIsNotThere() throws IOException {
        Path empty = file("");

        assertThatThrownBy(() -> OpenbPods.read(empty)).isInstanceOf(WorkloadFormatException.class);
        assertThatThrownBy(() -> OpenbPods.read(directory.resolve("none.csv")))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageContaining("no such file");
    }

    /** The published trace, where it lies beside the checkout. */
    @Test
    void readsThePublishedList() throws Exception {
        Path file = Path.of("../../shared/traces/openb/openb_pod_list_default.csv");
        assumeThat(file).as("the openb trace, at %s", file.toAbsolutePath()).exists();

        List<Arrival> arrivals = OpenbPods.read(file);

        assertThat(arrivals).hasSize(8_152);
        assertThat(arrivals.getLast().atMs()).isEqualTo(12_901_761_000L);
        assertThat(arrivals.stream()
                        .mapToLong(arrival -> arrival.task().gpus().totalMilli())
                        .max())
                .hasValue(8_000);
    }

    /** The mix that Weng et al. measure fragmentation against, with the numbers that they give. */
    @Test
    void thePublishedListMakesThePublishedTargetWorkload() throws Exception {
        Path file = Path.of("../../shared/traces/openb/openb_pod_list_default.csv");
        assumeThat(file).as("the openb trace, at %s", file.toAbsolutePath()).exists();

        List<TaskSpec> tasks = OpenbPods.read(file).stream().map(Arrival::task).toList();
        List<TargetWorkload.Kind> kinds = TargetWorkload.of(tasks).kinds();

        assertThat(kinds).hasSize(35);
        assertThat(kinds.getFirst()).isEqualTo(new TargetWorkload.Kind(3_152, 810, 1, List.of(), 1_047 / 7_766.0));
        assertThat(kinds.getLast()).isEqualTo(new TargetWorkload.Kind(4_152, 810, 1, List.of(), 31 / 7_766.0));
    }
}
