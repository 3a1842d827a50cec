package io.gpuctl.cli.output;

import java.util.ArrayList;
import java.util.List;

/** A table of text: columns two spaces apart, as wide as their widest cell, no blanks at the end of a line. */
public final class Table {

    /** Which side of its column a cell keeps to. Numbers keep right, so that their digits stand under one another. */
    public enum Alignment {
        LEFT,
        RIGHT
    }

    /** A column. */
    public record Column(String heading, Alignment alignment) {

        public static Column left(String heading) {
            return new Column(heading, Alignment.LEFT);
        }

        public static Column right(String heading) {
            return new Column(heading, Alignment.RIGHT);
        }
    }

    private static final String GAP = "  ";

    /** What stands in a cell that has no value: a blank would look like a missing column to {@code awk}. */
    public static final String NOTHING = "-";

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row, one cell per column. An empty cell is shown as {@value #NOTHING}. */
    public Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        List<String> row = new ArrayList<>(cells.length);
        for (String cell : cells) {
            row.add(cell.isEmpty() ? NOTHING : Printable.line(cell));
        }
        rows.add(row);
        return this;
    }

    /** The heading and the rows, a line each. */
    public List<String> lines() {
        int[] widths = widths();
        List<String> lines = new ArrayList<>(rows.size() + 1);
        lines.add(line(columns.stream().map(Column::heading).toList(), widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).heading().length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            line.append(i == 0 ? "" : GAP);
            switch (columns.get(i).alignment()) {
                case LEFT -> line.append(cells.get(i)).append(padding);
                case RIGHT -> line.append(padding).append(cells.get(i));
            }
        }
        return line.toString().stripTrailing();
    }

    @Override
    public String toString() {
        return String.join("\n", lines());
    }
}
