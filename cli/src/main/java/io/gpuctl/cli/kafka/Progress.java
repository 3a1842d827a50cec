package io.gpuctl.cli.kafka;

import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows the progress of reading or writing in one line of the terminal, which is overwritten. */
public final class Progress implements AutoCloseable {
    private static final long SHOW_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    /** The number of records between two looks at the clock. */
    private static final int RECORDS_BETWEEN_LOOKS = 1_024;

    private static final String CLEAR_LINE = "\r\033[K";

    private final String verb;
    private final @Nullable PrintWriter terminal;
    private long total;
    private long done;
    private long shownAtNanos = System.nanoTime();
    private boolean isShown;

    /** {@code verb}: the activity, "reading"; {@code terminal}: null if the output goes to no terminal. */
    public Progress(String verb, @Nullable PrintWriter terminal) {
        this.verb = verb;
        this.terminal = terminal;
    }

    /** Adds to the approximate total number of records. */
    public void expect(long records) {
        total += records;
    }

    /** Counts one more record. */
    public void advance() {
        done++;
        if (done % RECORDS_BETWEEN_LOOKS == 0) {
            show("");
        }
    }

    /** Shows the line with this detail at its end, unless it was shown only just before. */
    public void show(String detail) {
        if (terminal == null) {
            return;
        }
        long nowNanos = System.nanoTime();
        if (nowNanos - shownAtNanos >= SHOW_EVERY_NANOS) {
            shownAtNanos = nowNanos;
            isShown = true;
            terminal.print("%s%s: %,d of about %,d records%s"
                    .formatted(CLEAR_LINE, verb, done, Math.max(done, total), detail));
            terminal.flush();
        }
    }

    @Override
    public void close() {
        if (terminal != null && isShown) {
            terminal.print(CLEAR_LINE);
            terminal.flush();
        }
    }
}
