package io.gpuctl.experiments.result.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gpuctl.experiments.result.ExperimentDescription;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.MetricValue;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.SampleRuns;
import io.gpuctl.experiments.result.summary.Grouping;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** Also leaves a page in target/ to look at. */
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
        // Four of packing, two distributions with three keys, and six over time.
        assertThat(count).isEqualTo(15);
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
}
