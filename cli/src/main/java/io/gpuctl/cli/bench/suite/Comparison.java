package io.gpuctl.cli.bench.suite;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gpuctl.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two results side by side: the figures that both have, in the order of the first. */
public final class Comparison {
    private final List<Row> rows = new ArrayList<>();

    private record Row(SuiteResult.Name name, double before, double after, Optional<Boolean> exceedsSpread) {
        /** Not a number if both are zero; infinite if only the first is. */
        double ratio() {
            return after / before;
        }
    }

    public Comparison(SuiteResult before, SuiteResult after) {
        for (SuiteResult.Name name : before.names()) {
            List<Double> first = before.values(name).orElseThrow();
            after.values(name)
                    .ifPresent(second -> rows.add(new Row(
                            name,
                            Statistics.median(first),
                            Statistics.median(second),
                            Statistics.exceedsSpread(first, second))));
        }
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public Table toTable() {
        var table = new Table(
                Table.Column.left("MEASUREMENT"),
                Table.Column.left("FIGURE"),
                Table.Column.right("A"),
                Table.Column.right("B"),
                Table.Column.right("B/A"),
                Table.Column.left("BEYOND SPREAD"));
        for (Row row : rows) {
            table.row(
                    row.name().measurement(),
                    row.name().figure(),
                    Numbers.text(row.before()),
                    Numbers.text(row.after()),
                    Double.isFinite(row.ratio()) ? Numbers.text(row.ratio()) : "",
                    row.exceedsSpread().map(exceeds -> exceeds ? "yes" : "no").orElse(""));
        }
        return table;
    }

    /**
     * Returns the rows as a document; the ratio is null if the first median is zero, and {@code exceeds_spread} if both
     * results have one round.
     */
    public ArrayNode toJson() {
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        for (Row row : rows) {
            document.addObject()
                    .put("measurement", row.name().measurement())
                    .put("figure", row.name().figure())
                    .put("a", row.before())
                    .put("b", row.after())
                    .put("ratio", Double.isFinite(row.ratio()) ? (Double) row.ratio() : null)
                    .put("exceeds_spread", row.exceedsSpread().orElse(null));
        }
        return document;
    }
}
