package io.gpuctl.cli.experiment;

import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.experiments.expect.Comparison;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Shows published values next to the measured ones. */
final class ComparisonTable {

    private ComparisonTable() {}

    static List<String> lines(List<Comparison> comparisons) {
        if (comparisons.isEmpty()) {
            return List.of("There are no published values of these workloads and policies.", "");
        }
        Table table = new Table(
                Column.left("WORKLOAD"),
                Column.left("POLICY"),
                Column.left("METRIC"),
                Column.right("PUBLISHED"),
                Column.right("OURS"),
                Column.right("DIFFERENCE"),
                Column.left("MET"));
        for (Comparison comparison : comparisons) {
            BigDecimal published = comparison.published().value();
            BigDecimal ours = comparison.rounded();
            table.row(
                    comparison.published().workload(),
                    comparison.policy(),
                    comparison.published().metric().id(),
                    published.toPlainString(),
                    ours.toPlainString(),
                    ours.subtract(published).toPlainString(),
                    switch (comparison.verdict()) {
                        case MET -> "yes";
                        case MISSED -> "NO";
                        case NOT_JUDGED -> "";
                    });
        }
        List<String> lines = new ArrayList<>(table.lines());
        long met = count(comparisons, Comparison.Verdict.MET);
        long missed = count(comparisons, Comparison.Verdict.MISSED);
        lines.add("%d of %d published values are met".formatted(met, met + missed));
        lines.add("");
        return lines;
    }

    private static long count(List<Comparison> comparisons, Comparison.Verdict verdict) {
        return comparisons.stream()
                .filter(comparison -> comparison.verdict() == verdict)
                .count();
    }
}
