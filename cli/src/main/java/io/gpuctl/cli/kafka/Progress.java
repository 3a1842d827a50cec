package io.gpuctl.cli.kafka;

import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows a person how far the reading or writing is, in one line that is written over. */
public final class Progress implements AutoCloseable {
    private static final long SHOW_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    /** The clock is asked once in so many records. */
    private static final int RECORDS_BETWEEN_LOOKS = 1_024;

    private static final String CLEAR_LINE = "\r\033[K";

    private final String verb;
    private final @Nullable PrintWriter terminal;
    private long total;
    private long done;
    private long shownAtNanos = System.nanoTime();
    private boolean isShown;

    /** {@code verb}: what is done, "reading"; {@code terminal}: null if nobody looks. */
    public Progress(String verb, @Nullable PrintWriter terminal) {
        this.verb = verb;
        this.terminal = terminal;
    }

    /** How many records there are, about. */
    public void expect(long records) {
        total += records;
    }

    /** One more is done. */
    public void advance() {
        done++;
        if (done % RECORDS_BETWEEN_LOOKS == 0) {
            show("");
        }
    }

    /** Shows the line if it is time to, with this at its end. */
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
