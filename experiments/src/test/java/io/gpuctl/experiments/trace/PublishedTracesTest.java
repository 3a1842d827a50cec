package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads the published traces, if they are beside the checkout. */
class PublishedTracesTest {

    private static final Path TRACES = Path.of("../../shared/traces");

    @TempDir
    private Path directory;

    private static Path published(String name) {
        Path file = TRACES.resolve(name);
        assumeThat(file)
                .as("the published trace, at %s", file.toAbsolutePath().normalize())
                .exists();
        return file;
    }

    @ParameterizedTest
    @CsvSource({
        "openb/openb_pod_list_default.csv,         OPENB,   8152, 12901761000",
        "openb/openb_pod_list_multigpu40.csv.gz,   OPENB,   8746,           0",
        "philly/philly.csv.gz,                     PHILLY, 82247,  9408690000",
        "muri/trace1.csv.gz,                       MURI,    1494, 10817570000",
        "muri/trace3.csv.gz,                       MURI,     992,  8166025000",
        "muri/trace3_pr.csv.gz,                    MURI,     992,           0",
        "muri/job_type_1.csv.gz,                   MURI,     992,  8166025000",
        "swf/NASA-iPSC-1993-3.1-cln.swf.gz,        SWF,    18239,  7948936000",
    })
    void areReadWholly(String name, TraceFormat format, int tasks, long lastAtMs) throws Exception {
        var workload = WorkloadFile.read(published(name));

        assertThat(workload.format()).isEqualTo(format);
        assertThat(workload.arrivals()).hasSize(tasks);
        assertThat(workload.arrivals().getLast().atMs()).isEqualTo(lastAtMs);
        assertThat(workload.notes().rowsLeftOut()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "openb/openb_pod_list_default.csv",
        "philly/philly.csv.gz",
        "muri/trace1.csv.gz",
        "swf/NASA-iPSC-1993-3.1-cln.swf.gz"
    })
    void areTheSameInTheOwnFormat(String name) throws Exception {
        var workload = WorkloadFile.read(published(name));
        Path converted = directory.resolve("converted.jsonl.gz");

        WorkloadWriter.write(workload, converted);

        var readAgain = WorkloadFile.read(converted);
        assertThat(readAgain.arrivals()).isEqualTo(workload.arrivals());
        assertThat(readAgain.notes()).isEqualTo(workload.notes());
    }

    @Test
    void askForTheGpusThatWerePublished() throws Exception {
        var pods =
                WorkloadFile.read(published("openb/openb_pod_list_default.csv")).arrivals();

        assertThat(pods.stream()
                        .mapToLong(arrival -> arrival.task().gpus().totalMilli())
                        .max())
                .hasValue(8_000);
    }

    @Test
    void muriHasTheNumbersOfTheFile() throws Exception {
        var jobs = MuriTrace.readJobs(published("muri/trace1.csv.gz"));

        assertThat(jobs).hasSize(1_494);
        assertThat(jobs.get(1))
                .isEqualTo(new MuriJob(
                        1,
                        8,
                        201_694_000,
                        8_787_693,
                        "dqn",
                        128,
                        4_472_936_000.0,
                        201_694_000,
                        509,
                        List.of(435.0, 8.0, 0.5),
                        0));
    }

    @Test
    void theSwfHeaderIsKept() throws Exception {
        assertThat(WorkloadFile.read(published("swf/NASA-iPSC-1993-3.1-cln.swf.gz"))
                        .notes()
                        .header())
                .containsEntry("MaxProcs", "128")
                .containsEntry("UnixStartTime", "749458803");
    }
}
