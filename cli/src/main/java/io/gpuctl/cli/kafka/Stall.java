package io.gpuctl.cli.kafka;

import io.gpuctl.cli.CommandFailedException;
import java.time.Duration;

/** Detects a broker that has delivered nothing for a minute. */
final class Stall {
    private static final Duration MAX = Duration.ofSeconds(60);

    private long sinceNanos = System.nanoTime();

    /** Restarts the timer: the broker has delivered something. */
    void over() {
        sinceNanos = System.nanoTime();
    }

    /** Throws if the broker has delivered nothing for too long; {@code what}: what is being read. */
    void check(Object what) {
        if (System.nanoTime() - sinceNanos > MAX.toNanos()) {
            throw new CommandFailedException(
                    "%s: no data for %d s. Is the broker still running?".formatted(what, MAX.toSeconds()));
        }
    }
}
