package io.gpuctl.cli.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.gpuctl.cli.grafana.Dashboards.Rule;
import io.gpuctl.events.Xid;
import io.gpuctl.events.XidCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each alert has a page and a test, and asks only for existing series. Prometheus' own tool accepts the rules and runs
 * the tests.
 */
class RulesTest {

    private static final Path RUNBOOKS = Path.of("../docs/runbooks");
    private static final Path OPERATIONS = Path.of("../docs/operations.md");
    private static final Pattern WATCHED = Pattern.compile(
            "\\| `(?<metric>[^`]+)` \\| (?:above|below) `?(?<threshold>[^`|]+?)`? \\|(?<for>[^|]*)\\| \\[(?<alert>\\w+)]");
    private static final Path PROMETHEUS = Dashboards.GRAFANA.resolve("prometheus");
    private static final Pattern XIDS = Pattern.compile("xid=~\"([^\"]*)\"");
    private static final Pattern PROMQL_OF_PAGE = Pattern.compile("In Prometheus:\\n\\n```\\n(.*?)```", Pattern.DOTALL);
    private static final int XID_MAX = 999;

    static Stream<Rule> rules() {
        return Dashboards.rules().stream();
    }

    static Stream<Rule> alerts() {
        return rules().filter(Rule::isAlert);
    }

    static Stream<Path> pages() {
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            return pages.filter(page -> !page.endsWith("README.md")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everySeriesIsInTheCatalogue(Rule rule) {
        DashboardsTest.assertAsksForWhatThereIs(rule.expression());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertSaysWhatIsWrongAndWhereToReadOn(Rule alert) {
        assertThat(alert.node().at("/labels/severity").asText()).isIn("critical", "warning", "info");
        assertThat(alert.node().at("/annotations/summary").asText()).isNotBlank();
        assertThat(alert.node().at("/annotations/description").asText()).endsWith(".");
        assertThat(alert.node().at("/annotations/runbook_url").asText())
                .isEqualTo("docs/runbooks/%s.md".formatted(alert.name()));
    }

    /** The names of pages about situations, which several alerts report, are in lower case. */
    @Test
    void eachAlertHasAPageAndEachPageAnAlert() throws IOException {
        List<String> names = alerts().map(Rule::name).toList();

        assertThat(pages().map(RulesTest::nameOf).filter(page -> Character.isUpperCase(page.charAt(0))))
                .containsExactlyInAnyOrderElementsOf(
                        names.stream().map(name -> name + ".md").toList());
        assertThat(Files.readString(RUNBOOKS.resolve("README.md")))
                .contains(names.stream().map("[%1$s](%1$s.md)"::formatted).toList())
                .contains(pages().map(page -> "](%s)".formatted(nameOf(page))).toList());
    }

    private static String nameOf(Path page) {
        return page.getFileName().toString();
    }

    static Stream<MatchResult> watchedSeries() throws IOException {
        return WATCHED.matcher(Files.readString(OPERATIONS)).results();
    }

    /** Each row of the table for operators names the series and the threshold of its alert. */
    @ParameterizedTest
    @MethodSource("watchedSeries")
    void whatToWatchIsWhatTheAlertSays(MatchResult row) {
        Rule alert = alerts().filter(each -> each.name().equals(row.group("alert")))
                .findFirst()
                .orElseThrow();

        assertThat(alert.expression()).contains(row.group("metric"), row.group("threshold"));
        assertThat(alert.node().path("for").asText()).isEqualTo(row.group("for").strip());
    }

    @Test
    void somethingIsWatched() throws IOException {
        assertThat(watchedSeries()).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aPageAsksForWhatThereIs(Path page) throws IOException {
        String text = Files.readString(page);

        assertThat(text).contains("## What it means", "## How to look", "## What to do");
        assertThat(PROMQL_OF_PAGE
                        .matcher(text)
                        .results()
                        .flatMap(block -> block.group(1).lines()))
                .isNotEmpty()
                .allSatisfy(DashboardsTest::assertAsksForWhatThereIs);
    }

    /** The alerts state the scheduler's action for each error correctly. */
    @Test
    void theNumbersOfDriverErrorsAreThoseOfTheCatalogue() {
        assertThat(Stream.concat(xidsOf("GpuXidFatal"), xidsOf("GpuNvlinkXid")))
                .containsExactlyInAnyOrderElementsOf(xidsThat(Xid.Action.DRAIN_NODE));
        assertThat(xidsOf("GpuXidOperator")).containsExactlyElementsOf(xidsThat(Xid.Action.CORDON_NODE));
        assertThat(xidsOf("GpuNvlinkXid").map(XidCatalogue::of))
                .allMatch(xid -> (xid.mnemonic() + xid.meaning())
                        .toUpperCase(java.util.Locale.ROOT)
                        .contains("NVLINK"));
    }

    private static Stream<Integer> xidsOf(String alert) {
        String expression = alerts().filter(one -> one.name().equals(alert))
                .findFirst()
                .orElseThrow()
                .expression();
        List<String> numbers = XIDS.matcher(expression)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(numbers).hasSize(1);
        return IntStream.rangeClosed(1, XID_MAX)
                .filter(number -> Integer.toString(number).matches(numbers.getFirst()))
                .boxed();
    }

    private static List<Integer> xidsThat(Xid.Action action) {
        return XidCatalogue.ALL.stream()
                .filter(xid -> xid.action() == action)
                .map(Xid::number)
                .toList();
    }

    @Test
    void eachAlertHasACaseInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
        var tests = new StringBuilder();
        for (Path file : testFiles()) {
            tests.append(Files.readString(file));
        }
        assertThat(alerts())
                .allSatisfy(alert -> assertThat(tests)
                        .contains(
                                "name: %s fires".formatted(alert.name()),
                                "name: \"%s is silent: ".formatted(alert.name())));
    }

    @Test
    void prometheusTakesTheConfigurationAndTheRules() throws Exception {
        promtool(List.of("check", "config", PROMETHEUS.resolve("prometheus.yml").toString()));
    }

    @Test
    void theTestsOfTheRulesPass() throws Exception {
        promtool(Stream.concat(Stream.of("test", "rules"), testFiles().stream().map(Path::toString))
                .toList());
    }

    private static List<Path> testFiles() throws IOException {
        try (Stream<Path> files = Files.list(PROMETHEUS.resolve("tests"))) {
            return files.sorted().toList();
        }
    }

    private static void promtool(List<String> args) throws IOException, InterruptedException {
        List<String> command =
                Stream.concat(Stream.of("promtool"), args.stream()).toList();
        Path output = Files.createTempFile("promtool", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        } catch (IOException _) {
            System.err.println(
                    "SKIPPED: promtool is not installed (Debian's package is prometheus): the rules were not checked");
            abort("promtool is not installed (Debian's package is prometheus)");
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
