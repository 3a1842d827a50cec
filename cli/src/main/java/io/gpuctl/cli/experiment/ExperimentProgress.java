package io.gpuctl.cli.experiment;

import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.units.Counted;
import io.gpuctl.events.units.Durations;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.run.ExperimentRunner;
import io.gpuctl.experiments.run.RunListener;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Shows the progress of an experiment in one line, with a bar and the time left: redrawn on a terminal, printed now and
 * then to a pipe.
 */
final class ExperimentProgress implements RunListener {

    private static final Duration TERMINAL_PERIOD = Duration.ofMillis(200);
    private static final Duration PIPE_PERIOD = Duration.ofSeconds(10);
    private static final int BAR_WIDTH = 24;

    private final PrintWriter out;
    private final Terminal terminal;
    private final boolean isTerminal;
    private final long startNanos = System.nanoTime();
    private long shownNanos = startNanos;
    private int total;
    private int missing;
    private int finished;
    private long events;

    ExperimentProgress(PrintWriter out) {
        this.out = out;
        terminal = new Terminal(out);
        isTerminal = Terminal.isInteractive();
    }

    /** Sets the numbers of runs, and prints how many are finished already. */
    void begin(int runs, int missingRuns) {
        total = runs;
        missing = missingRuns;
        if (missing < total) {
            out.println("%d of %d runs are already finished".formatted(total - missing, total));
        }
        if (isTerminal && missing > 0) {
            terminal.redrawLine(line(0));
        }
        out.flush();
    }

    @Override
    public void advanced(long more) {
        events += more;
        showIfDue();
    }

    @Override
    public void finished(RunKey key) {
        finished++;
        showIfDue();
    }

    private void showIfDue() {
        long nowNanos = System.nanoTime();
        if (nowNanos - shownNanos >= (isTerminal ? TERMINAL_PERIOD : PIPE_PERIOD).toNanos()) {
            shownNanos = nowNanos;
            show(nowNanos);
        }
    }

    private void show(long nowNanos) {
        String line = line(nowNanos - startNanos);
        if (isTerminal) {
            terminal.redrawLine(line);
        } else {
            out.println(line);
            out.flush();
        }
    }

    /** Redraws the line for the last time, on a terminal. */
    void end() {
        if (isTerminal && missing > 0) {
            show(System.nanoTime());
            out.println();
            out.flush();
        }
    }

    private String line(long elapsedNanos) {
        int done = total - missing + finished;
        int filled = BAR_WIDTH * done / total;
        return "[%s%s] %d/%d runs, %s%s"
                .formatted(
                        "#".repeat(filled),
                        ".".repeat(BAR_WIDTH - filled),
                        done,
                        total,
                        perSecond(events / Math.max(1e-9, elapsedNanos / 1e9)),
                        left(elapsedNanos));
    }

    /** Estimates the time left from the mean duration of finished runs. */
    private String left(long elapsedNanos) {
        if (finished == 0 || finished == missing) {
            return "";
        }
        long nanos = elapsedNanos / finished * (missing - finished);
        return ", about %s left".formatted(Durations.human(Math.ceilDiv(nanos, 1_000_000_000L) * 1_000));
    }

    private static String perSecond(double rate) {
        return "%,.0f events/s".formatted(rate);
    }

    /** Returns the summary in one line. */
    static String summary(ExperimentRunner.Summary summary) {
        String before = summary.before() == 0 ? "" : " (%d were finished before)".formatted(summary.before());
        return "%s%s, %s in %.1f s: %s"
                .formatted(
                        Counted.of(summary.now(), "run"),
                        before,
                        Counted.of(summary.events(), "event"),
                        summary.took().toMillis() / 1_000.0,
                        perSecond(summary.eventsPerSecond()));
    }
}
