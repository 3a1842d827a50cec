package io.gpuctl.experiments.result.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gpuctl.events.TaskState;
import io.gpuctl.experiments.result.ExperimentDescription;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.MetricValue;
import io.gpuctl.experiments.result.Metrics;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.RunTotals;
import io.gpuctl.experiments.result.SampleRuns;
import io.gpuctl.experiments.result.TaskOutcome;
import io.gpuctl.experiments.result.summary.Grouping;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlReportTest {

    private static final ExperimentDescription ABOUT = new ExperimentDescription(
            "Packing and queueing",
            """
            Made-up runs of two workloads: one that packs pods that never leave, and one of jobs that come and go.

            The numbers mean nothing; the page shows how the real ones would look.""",
            List.of("The pods come from a list, shuffled by the seed, up to 1.3 times the cluster's GPUs."));

    private static List<RunGroup> groups(List<RunResult> runs) {
        Grouping grouping = new Grouping();
        runs.stream().sorted(Comparator.comparing(RunResult::key)).forEach(grouping::add);
        return grouping.groups();
    }

    private static RunResult run(String policy, double jctSeconds) {
        return new RunResult(
                new RunKey("e", "w", policy, null, 1),
                List.of(MetricValue.of(Metric.JCT_MEAN, jctSeconds), MetricValue.of(Metric.TASKS, 5)),
                List.of(),
                List.of(),
                List.of());
    }

    private static String report(List<RunResult> runs) {
        return HtmlReport.of(ABOUT, groups(runs), runs.size());
    }

    /** Also writes a page to target/ for visual inspection. */
    @Test
    void needsNothingFromOutside() throws IOException {
        String html = report(SampleRuns.experiment(10, 2_000));

        assertThat(html).doesNotContainPattern("(?i)https?:|//[a-z]|url\\(|@import|<script|<link|<img|<iframe|\\bsrc=");
        assertThat(html).hasSizeLessThan(2_000_000);
        Files.writeString(Path.of("target", "sample-report.html"), html);
    }

    @Test
    void itsPicturesAreWellFormed() {
        String html = report(SampleRuns.experiment(2, 300));

        Matcher pictures = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(html);
        int count = 0;
        while (pictures.find()) {
            String svg = pictures.group();
            assertThatCode(() -> DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(svg))))
                    .as(svg)
                    .doesNotThrowAnyException();
            assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
            count++;
        }
        // Four plots of packing, two distributions with three keys, and twelve plots over time.
        assertThat(count).isEqualTo(21);
    }

    @Test
    void marksTheBestOfARow() {
        String html = report(List.of(run("Slow", 7_200), run("Quick", 3_600), run("Slower", 9_000)));

        assertThat(html)
                .containsPattern(
                        "JCT, mean <span class=\"unit\">h</span></th><td class=\"best\">.*1\\.000</td><td>2\\.000</td>")
                .contains("<th scope=\"row\">Tasks</th><td>5</td><td>5</td><td>5</td>");
    }

    @Test
    void namesAreTextNotMarkup() {
        String html = report(List.of(run("<b>&\"bold\"", 1), run("x", 2)));

        assertThat(html).contains("&lt;b&gt;&amp;&quot;bold&quot;").doesNotContain("<b>&");
    }

    private static RunResult run(String policy, int seed, BigDecimal load, MetricValue... metrics) {
        return new RunResult(
                new RunKey("e", "w", policy, load, seed), List.of(metrics), List.of(), List.of(), List.of());
    }

    private static RunResult jct(String policy, int seed, double seconds) {
        return run(policy, seed, null, MetricValue.of(Metric.JCT_MEAN, seconds));
    }

    /** A value that may be better only by chance is not marked as best. */
    @Test
    void marksNoBestWhereIntervalsOverlap() {
        String overlapping = report(List.of(jct("A", 1, 10), jct("A", 2, 20), jct("B", 1, 11), jct("B", 2, 21)));
        String apart = report(List.of(jct("A", 1, 10), jct("A", 2, 10.1), jct("B", 1, 90), jct("B", 2, 90.1)));

        assertThat(overlapping).doesNotContain("class=\"best\"");
        assertThat(apart).containsOnlyOnce("class=\"best\"");
    }

    /** A higher allocation is not better: GPUs that heat slows are allocated for longer. */
    @Test
    void marksNoBestAllocationOverTime() {
        assertThat(report(List.of(
                        run("A", 1, null, MetricValue.of(Metric.GPU_ALLOCATION_MEAN, 50)),
                        run("B", 1, null, MetricValue.of(Metric.GPU_ALLOCATION_MEAN, 60)))))
                .contains("GPU allocation, mean over time")
                .doesNotContain("class=\"best\"");
    }

    @Test
    void comparesSeedBySeedWithABaseline() {
        String html = report(List.of(
                jct("fifo", 1, 10),
                jct("fifo", 2, 90),
                jct("fifo", 3, 50),
                jct("a", 1, 8),
                jct("a", 2, 88.5),
                jct("a", 3, 48)));

        assertThat(html)
                .contains("<h3>Differences to fifo</h3>")
                .contains("<b>-1.833</b><span class=\"ci\">± 0.717</span>");
    }

    @Test
    void drawsMetricsAgainstTheLoad() {
        String html = report(List.of(
                run("A", 1, new BigDecimal("0.5"), MetricValue.of(Metric.JCT_MEAN, 10)),
                run("A", 1, new BigDecimal("0.9"), MetricValue.of(Metric.JCT_MEAN, 30)),
                run("B", 1, new BigDecimal("0.5"), MetricValue.of(Metric.JCT_MEAN, 10)),
                run("B", 1, new BigDecimal("0.9"), MetricValue.of(Metric.JCT_MEAN, 20))));

        assertThat(html).contains("<h2>w, against the load</h2>", "JCT, mean against the load");
    }

    private static TaskOutcome task(String id, String user, double gpus, double waitSeconds) {
        return new TaskOutcome(
                id, user, 0, waitSeconds, waitSeconds + 60, 60.0, 1, List.of("n"), gpus, TaskState.COMPLETED);
    }

    private static RunResult timed(String policy, TaskOutcome... tasks) {
        return new RunResult(
                new RunKey("e", "w", policy, null, 1),
                Metrics.of(List.of(tasks), new RunTotals(50, 0, 0, null)),
                List.of(tasks),
                List.of(),
                List.of());
    }

    @Test
    void tellsHowTasksOfEachSizeAndUserFared() {
        String html = report(List.of(timed(
                "A",
                task("1", "ada", 0.5, 0),
                task("2", "ada", 8, 600),
                task("3", "ada", 8, 1_200),
                task("4", "bob", 1, 30))));

        assertThat(html)
                .containsPattern("8 GPUs, queueing <span class=\"unit\">min</span></th><td>15\\.00")
                .containsPattern("bob, queueing <span class=\"unit\">s</span></th><td>30\\.00")
                .containsPattern("(?s)By the size of tasks.*a share of a GPU.*1 GPU.*8 GPUs.*By user.*ada.*bob");
    }

    /** A line of one point would be invisible. */
    @Test
    void drawsALineWhereNobodyWaited() {
        String html = report(List.of(
                timed("A", task("1", "u", 1, 0), task("2", "u", 1, 0)),
                timed("B", task("1", "u", 1, 0), task("2", "u", 1, 500))));

        assertThat(html).doesNotContainPattern("<path class=\"line s\\d\" d=\"M[^LH\"]*\"");
    }

    @Test
    void showsHeatOverTime() {
        assertThat(report(SampleRuns.experiment(1, 50)))
                .contains("<h3>Hottest GPU over time</h3>", "<h3>GPUs slowed by heat over time</h3>");
    }

    /** In a table that would not fit on the page, intervals go under the numbers. */
    @Test
    void tablesOfManyPoliciesAreNarrow() {
        List<RunResult> few = List.of(run("a", 1), run("b", 2));
        List<RunResult> many =
                IntStream.range(0, 7).mapToObj(i -> run("policy-" + i, i)).toList();

        assertThat(report(few)).doesNotContain("<table class=\"many\">");
        assertThat(report(many)).contains("<table class=\"many\">");
    }
}
