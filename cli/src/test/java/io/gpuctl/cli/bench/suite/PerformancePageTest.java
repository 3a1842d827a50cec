package io.gpuctl.cli.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PerformancePageTest {

    private static SuiteResult result() {
        var result = SuiteResult.begin("1.2.3", "abc1234", "2026-01-02T03:04:05Z", new Settings(1_200, 3, 40, false));
        for (double placed : new double[] {30, 50, 40}) {
            result.add("first-minute", Map.of("placed_p50_ms", placed));
            result.add("hop", Map.of("p50_ms", placed / 2));
        }
        return result;
    }

    @Test
    void hasTheMedianAndTheRoundsOfEachFigure() {
        assertThat(new PerformancePage(result()).text())
                .startsWith("# Performance\n")
                .contains("| Version | 1.2.3, commit abc1234 |")
                .contains("| Extent | 1,200 nodes, rounds: 3, 40 s each |")
                .contains("## first-minute\n\n200 single submissions a second")
                .contains("| placed_p50_ms | 40 | 30 / 50 / 40 |");
    }

    @Test
    void hasTheRatiosOfWhatWasMeasured() {
        assertThat(new PerformancePage(result()).text())
                .contains("| placed p50 / bare hop p50 | 2 |")
                .doesNotContain("placed p99 / bare hop p99", "static answer");
    }

    @Test
    void comparesTheCpuOfATaskWithThatOfTheHopAtTheSameRate() {
        var result = result();
        result.add("cpu-800", Map.of("cluster_cpu_ms_a_task", 1.5));
        result.add("hop", Map.of("hop_cpu_ms_a_record", 4.0));
        result.add("hop-800", Map.of("hop_cpu_ms_a_record", 0.5));

        assertThat(new PerformancePage(result).text())
                .contains("| CPU a task at 800/s / CPU a record of the hop at 800/s | 3 |");
    }

    @Test
    void leavesOutARatioToZero() {
        var result = result();
        result.add("reads", Map.of("task_per_s", 5.0, "static_per_s", 0.0));

        assertThat(new PerformancePage(result).text()).doesNotContain("GET /tasks/{id} / static answer", "Infinity");
    }

    @Test
    void namesFailures() {
        var result = result();
        result.failures().add("reads failed in round 1:\n    no answer");

        assertThat(new PerformancePage(result).text()).endsWith("## Failures\n\nreads failed in round 1: no answer\n");
    }

    @Test
    void describesEveryMeasurementInLinesThatFit() {
        var result = result();
        Measurements.names().forEach(name -> result.add(name, Map.of("p50_ms", 1.0)));

        String page = new PerformancePage(result).text();

        assertThat(page.lines()).allMatch(line -> line.length() <= 160);
        assertThat(Measurements.names()).allSatisfy(name -> assertThat(page).contains("## " + name + "\n\n"));
    }
}
