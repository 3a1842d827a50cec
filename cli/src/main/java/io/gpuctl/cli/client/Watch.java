package io.gpuctl.cli.client;

import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.StandardOutput;
import io.gpuctl.cli.output.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shows a view again and again: on a terminal in the same place, into a pipe the rows that have changed, or their
 * documents, one on each line. Ends with the process.
 */
final class Watch {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final PrintWriter out;
    private final OutputFormat format;
    private final boolean isTerminal;
    private Set<Object> shown = new HashSet<>();
    private boolean headingShown;

    Watch(PrintWriter out, OutputFormat format, boolean isTerminal) {
        this.out = out;
        this.format = format;
        this.isTerminal = isTerminal;
    }

    /** Asks for what is to be shown now. */
    @FunctionalInterface
    interface Source {
        View get() throws InterruptedException;
    }

    void show(Source view) throws InterruptedException {
        var terminal = new Terminal(out);
        while (true) {
            View now = view.get();
            if (isTerminal) {
                terminal.redraw(lines(now));
            } else {
                showChanges(now);
            }
            StandardOutput.pause(PERIOD);
        }
    }

    private List<String> lines(View view) {
        return switch (format) {
            case TABLE -> view.table().lines();
            case JSON, YAML -> format.write(view.document()).lines().toList();
        };
    }

    /** What was shown in the round before is not shown again. */
    void showChanges(View view) {
        Set<Object> current = new LinkedHashSet<>();
        Map<Object, String> texts = new HashMap<>();
        switch (format) {
            case TABLE -> rows(view, current, texts);
            case JSON -> view.entries().forEach(entry -> note(entry, Printable.line(entry.toString()), current, texts));
            case YAML -> view.entries().forEach(entry -> note(entry, "---\n" + format.write(entry), current, texts));
        }
        current.stream().filter(key -> !shown.contains(key)).map(texts::get).forEach(out::println);
        out.flush();
        shown = current;
    }

    private void rows(View view, Set<Object> current, Map<Object, String> texts) {
        List<String> lines = view.table().lines();
        if (!headingShown) {
            out.println(lines.getFirst());
            headingShown = true;
        }
        // The column widths change with the longest cell; a row whose words are the same has not changed.
        lines.stream().skip(1).forEach(line -> note(line.replaceAll(" +", " "), line, current, texts));
    }

    private static void note(Object key, String text, Set<Object> current, Map<Object, String> texts) {
        current.add(key);
        texts.put(key, text);
    }
}
