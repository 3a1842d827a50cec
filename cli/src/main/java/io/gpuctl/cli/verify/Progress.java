package io.gpuctl.cli.verify;

import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows a person how far the reading is, in one line that is written over. */
final class Progress implements AutoCloseable {
    private static final long SHOW_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    /** The clock is asked once in so many records. */
    private static final int RECORDS_BETWEEN_LOOKS = 1_024;

    private static final String CLEAR_LINE = "\r\033[K";

    private final @Nullable PrintWriter terminal;
    private long total;
    private long read;
    private long shownAtNanos = System.nanoTime();
    private boolean isShown;

    /** {@code terminal}: null if nobody looks. */
    Progress(@Nullable PrintWriter terminal) {
        this.terminal = terminal;
    }

    /** How many records there are to be read, about. */
    void expect(long records) {
        total += records;
    }

    void read() {
        read++;
        if (terminal == null || read % RECORDS_BETWEEN_LOOKS != 0) {
            return;
        }
        long nowNanos = System.nanoTime();
        if (nowNanos - shownAtNanos >= SHOW_EVERY_NANOS) {
            shownAtNanos = nowNanos;
            isShown = true;
            terminal.print("%sreading: %,d of about %,d records".formatted(CLEAR_LINE, read, Math.max(read, total)));
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
