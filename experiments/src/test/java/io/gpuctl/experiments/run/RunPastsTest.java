package io.gpuctl.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Fact;
import io.gpuctl.experiments.openmetrics.PastRecorder;
import io.gpuctl.experiments.openmetrics.PastSettings;
import io.gpuctl.experiments.spec.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes runs as OpenMetrics. */
class RunPastsTest {
    private static final long START_MS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final RunPasts.Options OPTIONS = new RunPasts.Options(START_MS, null, null);
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(\\{[^ ]*})? (\\S+) (\\S+)");

    @TempDir
    private Path directory;

    private Path run(String name, Experiment experiment, RunPasts.Options options) throws Exception {
        Path into = directory.resolve(name);
        new ExperimentRunner(Plan.of(experiment), into, 2, RunListener.NONE, () -> false, options).run();
        return into;
    }

    private static Experiment hot() {
        return Experiments.drawn(Experiment.Kind.TRACE, List.of("intelligent", "fifo+intelligent"), 1, 60);
    }

    private static SortedMap<String, String> pasts(Path into) throws IOException {
        SortedMap<String, String> pasts = new TreeMap<>();
        try (Stream<Path> files = Files.list(into.resolve("openmetrics"))) {
            for (Path file : files.toList()) {
                pasts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        pasts.remove("options.txt");
        return pasts;
    }

    @Test
    void theSameRunsGiveTheSameMetricsAndTheSameResults() throws Exception {
        Path with = run("with", hot(), OPTIONS);
        Path again = run("again", hot(), OPTIONS);
        Path without = directory.resolve("without");
        new ExperimentRunner(Plan.of(hot()), without, 1, RunListener.NONE, () -> false).run();

        assertThat(pasts(with)).hasSize(2).isEqualTo(pasts(again));
        for (String file : List.of("metrics.csv", "energy.csv", "tasks.parquet")) {
            assertThat(with.resolve(file)).hasSameBinaryContentAs(without.resolve(file));
        }
        assertThat(without.resolve("openmetrics")).doesNotExist();
    }

    @Test
    void eachRunTellsOfPoolsNodesAndGpusUnderTheNamesOfALiveCluster() throws Exception {
        String past = pasts(run("out", hot(), OPTIONS)).values().stream()
                .filter(text -> text.contains("policy=\"fifo+intelligent\""))
                .findFirst()
                .orElseThrow();

        assertThat(past)
                .contains(
                        "gpuctl_gpus{pool=\"default\",job=\"gpuctl\",policy=\"fifo+intelligent\",seed=\"1\",load=\"1.1\"} 32 ")
                .contains("gpuctl_tasks{pool=\"default\",state=\"running\",job=\"gpuctl\",")
                .contains("gpuctl_gpus_free_unusable{pool=\"default\",job=\"gpuctl\",")
                .containsPattern("gpuctl_tasks_waiting\\{pool=\"default\",reason=\"insufficient_gpus\"[^}]*} [1-9]")
                .containsPattern("gpuctl_tasks_ended_total\\{[^}]*} 60 ")
                .containsPattern(
                        "DCGM_FI_DEV_GPU_TEMP\\{gpu=\"7\",[^}]*hostname=\"[^\"]+\"[^}]*instance=\"[^\"]+\",job=\"gpu\",")
                .containsPattern("gpuctl_task_gpu_power_watts\\{gpu=\"\\d\",[^}]*task=\"")
                .endsWith("\n# EOF\n");
        assertIsInOrder(past);
    }

    /** Asserts that each family and each series occurs once, with rising times, and that counters do not fall. */
    private static void assertIsInOrder(String past) {
        Map<String, Integer> series = new HashMap<>();
        String before = "";
        double timeBefore = 0;
        double valueBefore = 0;
        for (String line : past.lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                continue;
            }
            String name = sample.group(1) + sample.group(2);
            double value = Double.parseDouble(sample.group(3));
            double time = Double.parseDouble(sample.group(4));
            if (name.startsWith("gpuctl_submission_to_placement_seconds")) {
                continue; // Histograms come time by time.
            }
            if (name.equals(before)) {
                assertThat(time).as(line).isGreaterThan(timeBefore);
                if (name.contains("_total{") || name.contains("ENERGY_CONSUMPTION")) {
                    assertThat(value).as(line).isGreaterThanOrEqualTo(valueBefore);
                }
            } else {
                series.merge(name, 1, Integer::sum);
                assertThat(time).as(line).isBetween(START_MS / 1_000.0, START_MS / 1_000.0 + 1e7);
            }
            before = name;
            timeBefore = time;
            valueBefore = value;
        }
        assertThat(series)
                .hasSizeGreaterThan(500)
                .allSatisfy((name, times) -> assertThat(times).as(name).isOne());
        assertThat(past.lines().filter(line -> line.startsWith("# TYPE")).toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void aLogWithoutItsBeginningTellsWhatItCan() throws IOException {
        Plan plan = Plan.of(hot());
        List<Fact> facts = new ArrayList<>();
        var _ = plan.run(plan.runs().getFirst(), facts::add);
        Path file = directory.resolve("part.om");

        String leftOut;
        try (var recorder = new PastRecorder(PastSettings.ofLog(null, null), file)) {
            facts.stream().skip(100).forEach(recorder::accept);
            leftOut = recorder.finish().leftOut();
        }

        assertThat(leftOut).contains("the log does not begin with the first fact");
        assertThat(file).content().contains("gpuctl_tasks{").doesNotContain("gpuctl_tasks_waiting");
    }

    @Test
    void aRunWithoutMetricsIsRepeatedForThemAndNothingElseIsLeftThere() throws Exception {
        Path into = directory.resolve("out");
        new ExperimentRunner(Plan.of(hot()), into, 2, RunListener.NONE, () -> false).run();

        run("out", hot(), OPTIONS);
        SortedMap<String, String> all = pasts(into);
        run("out", hot(), new RunPasts.Options(START_MS, null, PastSettings.Detail.POOLS));

        assertThat(all).hasSize(2);
        assertThat(pasts(into).keySet()).isEqualTo(all.keySet());
        assertThat(pasts(into).values()).noneMatch(past -> past.contains("DCGM") || past.contains("gpuctl_node_info"));
    }
}
