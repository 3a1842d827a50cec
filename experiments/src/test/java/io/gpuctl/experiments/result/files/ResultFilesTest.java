package io.gpuctl.experiments.result.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import io.gpuctl.events.TaskState;
import io.gpuctl.experiments.result.ExperimentDescription;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.MetricValue;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.SampleRuns;
import io.gpuctl.experiments.result.TaskOutcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {

    private static final ExperimentDescription ABOUT = new ExperimentDescription("A test", "Of the files.", List.of());
    private static final List<String> FILES =
            List.of(ResultFiles.METRICS, ResultFiles.SUMMARY, ResultFiles.TASKS, ResultFiles.REPORT);

    @TempDir
    private Path directory;

    private static RunResult run(long seed, double jct, double allocated, List<TaskOutcome> tasks) {
        return new RunResult(
                new RunKey("e", "w", "Fgd", new BigDecimal("1.3"), seed),
                List.of(MetricValue.at(10, Metric.ALLOCATED, allocated), MetricValue.of(Metric.JCT_MEAN, jct)),
                tasks,
                List.of(),
                List.of());
    }

    private static Path write(Path into, List<RunResult> runs) throws IOException {
        return write(into, runs, runs.stream().map(RunResult::key).toList());
    }

    private static Path write(Path into, List<RunResult> runs, List<RunKey> planned) throws IOException {
        RunStore store = RunStore.open(into, "");
        for (RunResult run : runs) {
            store.save(run);
        }
        ResultFiles.write(into, ABOUT, store, planned);
        return into;
    }

    @Test
    void metricsAreOneValueALine() throws IOException {
        write(directory, List.of(run(10, 2.5, 10, List.of()), run(9, 0.00001, 9.75, List.of())));

        assertThat(directory.resolve("metrics.csv")).hasContent("""
                        experiment,workload,policy,load,seed,at,metric,value
                        e,w,Fgd,1.3,9,,jct_mean_s,0.00001
                        e,w,Fgd,1.3,9,10,alloc_pct,9.75
                        e,w,Fgd,1.3,10,,jct_mean_s,2.5
                        e,w,Fgd,1.3,10,10,alloc_pct,10
                        """);
    }

    /** Files for programs are sorted; files for users are in the order of the experiment. */
    @Test
    void theReportIsInTheOrderOfTheExperiment() throws IOException {
        RunStore store = RunStore.open(directory, "");
        List<RunKey> planned = new ArrayList<>();
        for (String workload : List.of("second.csv", "first.csv")) {
            for (String policy : List.of("srtf", "fifo", "best-fit")) {
                for (String load : List.of("0.9", "0.7")) {
                    var key = new RunKey("e", workload, policy, new BigDecimal(load), 1);
                    store.save(new RunResult(
                            key, List.of(MetricValue.of(Metric.JCT_MEAN, 1)), List.of(), List.of(), List.of()));
                    planned.add(key);
                }
            }
        }

        var groups = ResultFiles.write(directory, ABOUT, store, planned);

        assertThat(groups)
                .extracting(group -> group.key().workload() + " " + group.key().policy() + " "
                        + group.key().loadText())
                .startsWith("second.csv srtf 0.7", "second.csv srtf 0.9", "second.csv fifo 0.7")
                .endsWith("first.csv best-fit 0.9");
        String report = Files.readString(directory.resolve("report.html"));
        String swatch = "<span class=\"swatch s\\d\"></span>";
        assertThat(report)
                .containsSubsequence("<h2>second.csv, load 0.7", "<h2>second.csv, load 0.9", "<h2>first.csv, load 0.7")
                .containsPattern(swatch + "srtf</th><th scope=\"col\">" + swatch + "fifo</th>.*best-fit</th>")
                .doesNotContainPattern("fifo</th><th scope=\"col\">" + swatch + "srtf</th>")
                .containsPattern("class=\"legend\">(<li><svg.*?</svg>)srtf</li>(<li><svg.*?</svg>)fifo</li>");
        assertThat(Files.readAllLines(directory.resolve("summary.csv")).get(1)).startsWith("e,first.csv,best-fit,0.7");
    }

    /** The values 1 and 3 have the deviation sqrt(2) and the half width 12.706204736 x sqrt(2) / sqrt(2). */
    @Test
    void theSummaryIsOverSeeds() throws IOException {
        write(directory, List.of(run(1, 1, 10, List.of()), run(2, 3, 10, List.of())));

        assertThat(directory.resolve("summary.csv")).hasContent("""
                        experiment,workload,policy,load,at,metric,n,mean,sd,ci95_low,ci95_high
                        e,w,Fgd,1.3,,jct_mean_s,2,2,1.4142135623730951,-10.70620474,14.70620474
                        e,w,Fgd,1.3,10,alloc_pct,2,10,0,10,10
                        """);
    }

    @Test
    void theSummaryOfOneSeedHasNoInterval() throws IOException {
        write(directory, List.of(run(1, 1, 10, List.of())));

        assertThat(Files.readAllLines(directory.resolve("summary.csv"))).contains("e,w,Fgd,1.3,,jct_mean_s,1,1,,,");
    }

    @Test
    void energyIsThatOfEachUsersTasks() throws IOException {
        var task = new TaskOutcome("1", "bob", 1, 2.5, 9.0, 6.5, 1, List.of("n"), 1, TaskState.COMPLETED);
        var ann = new TaskOutcome("2", "ann", 1, 2.5, 9.0, 6.5, 1, List.of("n"), 1, TaskState.COMPLETED);
        write(
                directory,
                List.of(run(
                        1,
                        1,
                        10,
                        List.of(task.withEnergyKwh(1.5), ann.withEnergyKwh(3), task.withEnergyKwh(0.25), ann))));

        assertThat(directory.resolve("energy.csv")).hasContent("""
                        experiment,workload,policy,load,seed,user,tasks,energy_kwh
                        e,w,Fgd,1.3,1,ann,1,3
                        e,w,Fgd,1.3,1,bob,2,1.75
                        """);
    }

    @Test
    void anotherParquetReaderReadsTheTasks() throws IOException {
        var completed = new TaskOutcome(
                        "job-1", "ann", 1, 2.5, 9.0, 6.5, 2, List.of("n-1", "n-2"), 16, TaskState.COMPLETED)
                .withEnergyKwh(1.25);
        var waiting = new TaskOutcome("job-2", "", 3, null, null, null, 0, List.of(), 0.5, TaskState.QUEUED);
        write(directory, List.of(run(7, 1, 1, List.of(completed, waiting))));

        assertThat(rows(directory.resolve("tasks.parquet")))
                .containsExactly(
                        Arrays.asList(
                                "e",
                                "w",
                                "Fgd",
                                1.3,
                                7L,
                                "job-1",
                                "ann",
                                1.0,
                                2.5,
                                9.0,
                                6.5,
                                2,
                                "n-1 n-2",
                                16.0,
                                "completed",
                                1.25),
                        Arrays.asList(
                                "e", "w", "Fgd", 1.3, 7L, "job-2", "", 3.0, null, null, null, 0, null, 0.5, "queued",
                                null));
    }

    private static List<List<Object>> rows(Path file) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        try (var reader = ParquetFileReader.open(InputFile.of(file));
                var row = reader.rowReader()) {
            while (row.hasNext()) {
                row.next();
                List<Object> cells = new ArrayList<>();
                for (int column = 0; column < row.getFieldCount(); column++) {
                    cells.add(row.isNull(column) ? null : row.getValue(column));
                }
                rows.add(cells);
            }
        }
        return rows;
    }

    @Test
    void theOrderInWhichRunsFinishChangesNoByte() throws IOException {
        List<RunResult> runs = new ArrayList<>(SampleRuns.experiment(3, 200));
        List<RunKey> planned = runs.stream().map(RunResult::key).toList();
        Path inOrder = write(directory.resolve("in-order"), runs, planned);
        Collections.shuffle(runs, new Random(5));
        Path shuffled = write(directory.resolve("shuffled"), runs, planned);

        for (String file : FILES) {
            assertThat(shuffled.resolve(file)).hasSameBinaryContentAs(inOrder.resolve(file));
        }
    }

    @Test
    void whatIsMissingCanBeAddedLater() throws IOException {
        List<RunResult> runs = SampleRuns.experiment(2, 50);
        List<RunKey> planned = runs.stream().map(RunResult::key).toList();
        Path whole = write(directory.resolve("whole"), runs);

        Path resumed = directory.resolve("resumed");
        RunStore store = RunStore.open(resumed, "");
        for (RunResult run : runs.subList(0, 4)) {
            store.save(run);
        }
        ResultFiles.write(resumed, ABOUT, store, planned);
        assertThat(Files.readString(resumed.resolve("report.html"))).contains("4 of 18 runs finished");

        RunStore later = RunStore.open(resumed, "");
        for (RunResult run : runs) {
            if (!later.contains(run.key())) {
                later.save(run);
            }
        }
        ResultFiles.write(resumed, ABOUT, later, planned);

        for (String file : FILES) {
            assertThat(resumed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    @Test
    void anExperimentWithoutAFinishedRunHasEmptyFiles() throws IOException {
        RunStore store = RunStore.open(directory, "");
        ResultFiles.write(directory, ABOUT, store, List.of(new RunKey("e", "w", "p", null, 1)));

        assertThat(rows(directory.resolve("tasks.parquet"))).isEmpty();
        assertThat(Files.readAllLines(directory.resolve("metrics.csv"))).hasSize(1);
        assertThat(directory.resolve("report.html")).content().contains("0 of 1 runs finished");
    }
}
