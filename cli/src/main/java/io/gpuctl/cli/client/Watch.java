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
 * Shows a view again and again: on a terminal in the same place, into a pipe the rows that have changed, or their
 * documents, one on each line. Ends with the process.
 */
final class Watch {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final PrintWriter out;
    private final Form form;
    private final @Nullable Screen terminal;
    private Set<Object> shown = new HashSet<>();
    private boolean headingShown;

    /** {@code terminal}: null for a pipe. */
    Watch(PrintWriter out, Form form, @Nullable Screen terminal) {
        this.out = out;
        this.form = form;
        this.terminal = terminal;
    }

    /** Asks for what is to be shown now. */
    @FunctionalInterface
    interface Source {
        View get() throws InterruptedException;
    }

    void show(Source view) throws InterruptedException {
        show(view, PERIOD);
    }

    /** {@code period}: between the end of one look at the cluster and the next. */
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

    /** What was shown in the round before is not shown again. */
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
        // The column widths change with the longest cell; a row whose words are the same has not changed.
        lines.stream().skip(1).forEach(line -> note(line.replaceAll(" +", " "), line, current, texts));
    }

    private static void note(Object key, String text, Set<Object> current, Map<Object, String> texts) {
        current.add(key);
        texts.put(key, text);
    }
}
