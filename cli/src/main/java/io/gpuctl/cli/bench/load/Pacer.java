package io.gpuctl.cli.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The times at which the calls of a load are due: at a fixed rate, whatever becomes of the calls before.
 *
 * @param startNanos when call 0 is due, as {@link System#nanoTime}
 */
record Pacer(long startNanos, long periodNanos) {

    /** The shortest pause. At a higher rate, several calls follow each pause, so that the pauses take little CPU. */
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

    /** Returns a pacer whose first call is due now. */
    static Pacer of(double callsPerSecond) {
        return new Pacer(System.nanoTime(), Math.round(TimeUnit.SECONDS.toNanos(1) / callsPerSecond));
    }

    long dueNanos(int call) {
        return startNanos + call * periodNanos;
    }

    /** Returns the time since a call was due. */
    long microsSinceDue(int call) {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos(call));
    }

    /** Makes each call when it is due, or as soon as the calls before have returned. */
    void run(int calls, IntConsumer call) {
        for (int i = 0; i < calls; i++) {
            for (long wait = dueNanos(i) - System.nanoTime(); wait > 0; wait = dueNanos(i) - System.nanoTime()) {
                LockSupport.parkNanos(Math.max(wait, PAUSE_NANOS));
            }
            call.accept(i);
        }
    }
}
