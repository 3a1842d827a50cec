package io.gpuctl.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Names and values, one pair per line; a pair without a value is left out. */
public final class Fields implements Page {

    private static final int NAME_WIDTH = 13;

    private final List<String> lines = new ArrayList<>();

    /** Adds a pair. */
    public Fields add(String name, String value) {
        if (!value.isEmpty()) {
            lines.add((name + ":" + " ".repeat(NAME_WIDTH - name.length()) + Printable.line(value)).stripTrailing());
        }
        return this;
    }

    /** Returns one line for each pair, cut to the width of the screen. */
    @Override
    public List<String> lines(Screen screen) {
        return lines.stream()
                .map(line ->
                        line.length() <= screen.columns() ? line : line.substring(0, screen.columns() - 1) + "\u2026")
                .toList();
    }

    /** Prints all pairs. */
    public void print(PrintWriter out) {
        lines.forEach(out::println);
    }
}
