package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.suite.SuiteResult.Name;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The page {@code performance.md} of a result. Its links are those of a page in {@code docs}. */
record PerformancePage(SuiteResult result) {
    private static final int LINE_MAX = 160;

    /** A ratio of two figures of one session. */
    private record Ratio(String text, Name top, Name bottom) {}

    private static final List<Ratio> RATIOS = List.of(
            ratio("placed p50 / bare hop p50", "first-minute", "placed_p50_ms", "hop", "p50_ms"),
            ratio("placed p99 / bare hop p99", "first-minute", "placed_p99_ms", "hop", "p99_ms"),
            ratio(
                    "CPU a task / CPU a record of the hop",
                    "first-minute",
                    "cluster_cpu_ms_a_task",
                    "hop",
                    "hop_cpu_ms_a_record"),
            ratio(
                    "CPU a task at 800/s / CPU a record of the hop at 800/s",
                    "cpu-800",
                    "cluster_cpu_ms_a_task",
                    "hop-800",
                    "hop_cpu_ms_a_record"),
            ratio("GET /tasks/{id} / static answer", "reads", "task_per_s", "reads", "static_per_s"),
            ratio("GET /nodes/{id} / static answer", "reads", "node_per_s", "reads", "static_per_s"),
            ratio("GET /metrics / static answer", "reads", "metrics_per_s", "reads", "static_per_s"),
            ratio("batches / single submissions", "capacity", "batches_per_s", "capacity", "singles_per_s"),
            simulation(300),
            simulation(1_200),
            simulation(5_000));

    private static Ratio simulation(int nodes) {
        return ratio(
                "experiment / bare loop, %,d nodes".formatted(nodes),
                "simulation",
                "nodes_%d_s".formatted(nodes),
                "simulation",
                "loop_%d_s".formatted(nodes));
    }

    private static Ratio ratio(String text, String top, String topFigure, String bottom, String bottomFigure) {
        return new Ratio(text, new Name(top, topFigure), new Name(bottom, bottomFigure));
    }

    String text() {
        var page = new StringBuilder("# Performance\n\n");
        paragraph(
                page,
                "Written by `gpuctl bench suite`; [benchmarks](benchmarks.md) says how to run it and how to compare two"
                        + " results. Medians of the rounds of one session, on a machine that the load generator shares with the cluster.");
        head(page);
        ratios(page);
        result.measurements().forEach((name, figures) -> measurement(page, name, figures));
        page.append("## Decisions\n\n");
        paragraph(
                page,
                "What a single decision of the scheduler costs is measured by JMH: module `benchmarks`,"
                        + " [how to run it](development.md).");
        if (!result.failures().isEmpty()) {
            page.append("## Failures\n\n");
            result.failures().forEach(failure -> paragraph(page, failure.replaceAll("\\s+", " ")));
        }
        return page.toString().stripTrailing() + "\n";
    }

    private void head(StringBuilder page) {
        Machine machine = result.machine();
        Settings settings = result.settings();
        page.append("| | |\n|---|---|\n");
        row(page, "Started", result.startedAt());
        row(page, "Version", "%s, commit %s".formatted(result.version(), result.commit()));
        row(page, "CPU", "%s, %d processors".formatted(machine.cpu(), machine.processors()));
        row(page, "Memory", "%,d MiB".formatted(machine.memoryMib()));
        row(page, "Kernel", machine.kernel());
        row(page, "JVM", machine.jvm());
        row(
                page,
                "Extent",
                "%s nodes, rounds: %d, %d s each%s"
                        .formatted(
                                Numbers.text(settings.nodes()),
                                settings.rounds(),
                                settings.seconds(),
                                settings.isQuick() ? ", --quick: only to prove that the measurements work" : ""));
        page.append('\n');
    }

    private void ratios(StringBuilder page) {
        List<String> rows =
                RATIOS.stream().flatMap(ratio -> value(ratio).stream()).toList();
        if (!rows.isEmpty()) {
            page.append("## Ratios\n\n| Ratio of medians | |\n|---|---:|\n");
            rows.forEach(page::append);
            page.append('\n');
        }
    }

    private Optional<String> value(Ratio ratio) {
        return result.values(ratio.top())
                .map(Statistics::median)
                .flatMap(top -> result.values(ratio.bottom())
                        .map(Statistics::median)
                        .filter(bottom -> bottom != 0)
                        .map(bottom -> "| %s | %s |\n".formatted(ratio.text(), Numbers.text(top / bottom))));
    }

    private static void measurement(StringBuilder page, String name, Map<String, List<Double>> figures) {
        page.append("## ").append(name).append("\n\n");
        Measurements.all().stream()
                .filter(measurement -> measurement.name().equals(name))
                .forEach(measurement -> paragraph(page, measurement.description()));
        page.append("| Figure | Median | Rounds |\n|---|---:|---|\n");
        figures.forEach((figure, rounds) -> page.append("| %s | %s | %s |\n"
                .formatted(
                        figure,
                        Numbers.text(Statistics.median(rounds)),
                        rounds.stream().map(Numbers::text).collect(Collectors.joining(" / ")))));
        page.append('\n');
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("| %s | %s |\n".formatted(name, value));
    }

    /** Appends a paragraph with lines that end between words. */
    private static void paragraph(StringBuilder page, String text) {
        int length = 0;
        for (String word : text.split(" ", -1)) {
            if (length > 0) {
                boolean fits = length + 1 + word.length() <= LINE_MAX;
                page.append(fits ? ' ' : '\n');
                length = fits ? length + 1 : 0;
            }
            page.append(word);
            length += word.length();
        }
        page.append("\n\n");
    }
}
