package io.gpuctl.cli.client;

import io.gpuctl.cli.client.OutputOption.Form;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.Screen;
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
import org.jspecify.annotations.Nullable;

/**
 * Shows a view repeatedly, until the process ends. A terminal is redrawn in place. A pipe receives only rows that have
 * changed, or their documents, one on each line.
 */
final class Watch {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final PrintWriter out;
    private final Form form;
    private final @Nullable Screen terminal;
    private Set<Object> shown = new HashSet<>();
    private boolean headingShown;

    /** {@code terminal} is null for a pipe. */
    Watch(PrintWriter out, Form form, @Nullable Screen terminal) {
        this.out = out;
        this.form = form;
        this.terminal = terminal;
    }

    /** Reads the current view. */
    @FunctionalInterface
    interface Source {
        View get() throws InterruptedException;
    }

    void show(Source view) throws InterruptedException {
        show(view, PERIOD);
    }

    /** {@code period}: the pause between two reads of the cluster. */
    void show(Source view, Duration period) throws InterruptedException {
        var redrawn = new Terminal(out);
        while (true) {
            View now = view.get();
            if (terminal != null) {
                redrawn.redraw(now.lines(form, terminal));
            } else {
                showChanges(now);
            }
            StandardOutput.pause(period);
        }
    }

    /** Shows the rows that differ from the previous round. */
    void showChanges(View view) {
        Set<Object> current = new LinkedHashSet<>();
        Map<Object, String> texts = new HashMap<>();
        switch (form) {
            case TABLE, WIDE -> rows(view, current, texts);
            case NAME -> view.names().forEach(name -> note(name, name, current, texts));
            case JSON -> view.entries().forEach(entry -> note(entry, Printable.line(entry.toString()), current, texts));
            case YAML -> view.entries().forEach(entry -> note(entry, "---\n" + form.write(entry), current, texts));
        }
        current.stream().filter(key -> !shown.contains(key)).map(texts::get).forEach(out::println);
        out.flush();
        shown = current;
    }

    private void rows(View view, Set<Object> current, Map<Object, String> texts) {
        List<String> lines = view.page().lines(Screen.NONE);
        if (!headingShown) {
            out.println(lines.getFirst());
            headingShown = true;
        }
        // Compare rows without padding, since the column widths change with the longest cell.
        lines.stream().skip(1).forEach(line -> note(line.replaceAll(" +", " "), line, current, texts));
    }

    private static void note(Object key, String text, Set<Object> current, Map<Object, String> texts) {
        current.add(key);
        texts.put(key, text);
    }
}
