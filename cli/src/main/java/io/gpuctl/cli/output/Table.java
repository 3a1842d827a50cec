package io.gpuctl.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table of text: columns two spaces apart, as wide as their widest cell, no blanks at the end of a line. */
public final class Table implements Page {

    /**
     * The side of the column that cells are aligned to. Numbers are aligned to the right, so that their digits line up.
     */
    public enum Alignment {
        LEFT,
        RIGHT
    }

    /** The way in which a column is shortened when a table is too wide for the screen. */
    public enum Width {
        /** Shortened first: helpful text that users do not copy. */
        FLEXIBLE,
        /** Shortened only if that is not enough: an id without its end is useless. */
        FIXED
    }

    /** A column. {@code isState}: the cells are states, which have colours. */
    public record Column(String heading, Alignment alignment, Width width, boolean isState) {

        public static Column left(String heading) {
            return new Column(heading, Alignment.LEFT, Width.FIXED, false);
        }

        /** Returns a left-aligned column that is shortened first. */
        public static Column text(String heading) {
            return new Column(heading, Alignment.LEFT, Width.FLEXIBLE, false);
        }

        /** Returns a left-aligned column of states with colours. */
        public static Column state(String heading) {
            return new Column(heading, Alignment.LEFT, Width.FIXED, true);
        }

        public static Column right(String heading) {
            return new Column(heading, Alignment.RIGHT, Width.FIXED, false);
        }
    }

    private static final String GAP = "  ";
    private static final String ELLIPSIS = "\u2026";
    private static final int WIDTH_MIN = 7;

    /** The content of a cell without a value: {@code awk} would take a blank for a missing column. */
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

    /** Returns the heading and the rows, one line each, at full length. */
    public List<String> lines() {
        return lines(Screen.NONE);
    }

    /** Returns the heading and the rows, one line each. Cells that do not fit are cut and end with an ellipsis. */
    @Override
    public List<String> lines(Screen screen) {
        int[] widths = fitted(widths(), screen.columns());
        List<String> lines = new ArrayList<>(rows.size() + 1);
        lines.add(line(columns.stream().map(Column::heading).toList(), widths, false));
        rows.forEach(row -> lines.add(line(row, widths, screen.hasColors())));
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

    /** Shortens the widest column again and again until the table fits; some screens are too narrow for any table. */
    private int[] fitted(int[] widths, int columnsMax) {
        int excess = IntStream.of(widths).sum() + GAP.length() * (widths.length - 1) - columnsMax;
        for (Width kind : Width.values()) {
            int widest = widest(widths, kind);
            while (excess > 0 && widest >= 0 && widths[widest] > WIDTH_MIN) {
                widths[widest]--;
                excess--;
                widest = widest(widths, kind);
            }
        }
        return widths;
    }

    /** Returns -1 if no column is of that kind. Numbers are never cut: a cut number would be a different number. */
    private int widest(int[] widths, Width kind) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            boolean isOfKind = columns.get(i).width() == kind && columns.get(i).alignment() == Alignment.LEFT;
            if (isOfKind && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return widest;
    }

    private String line(List<String> cells, int[] widths, boolean hasColors) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cut(cells.get(i), widths[i]);
            String padding = " ".repeat(widths[i] - cell.length());
            String shown = hasColors && columns.get(i).isState() ? StateColor.paint(cells.get(i), cell) : cell;
            line.append(i == 0 ? "" : GAP);
            switch (columns.get(i).alignment()) {
                case LEFT -> line.append(shown).append(padding);
                case RIGHT -> line.append(padding).append(shown);
            }
        }
        return line.toString().stripTrailing();
    }

    private static String cut(String cell, int width) {
        return cell.length() <= width ? cell : cell.substring(0, width - 1) + ELLIPSIS;
    }

    @Override
    public String toString() {
        return String.join("\n", lines());
    }
}
