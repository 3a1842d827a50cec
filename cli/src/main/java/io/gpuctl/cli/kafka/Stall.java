package io.gpuctl.cli.kafka;

import io.gpuctl.cli.CommandFailedException;
import java.time.Duration;

/** A broker that delivers nothing for a minute is gone. */
final class Stall {
    private static final Duration MAX = Duration.ofSeconds(60);

    private long sinceNanos = System.nanoTime();

    /** Something came. */
    void over() {
        sinceNanos = System.nanoTime();
    }

    /** Throws if nothing has come for too long; {@code what}: what is read. */
    void check(Object what) {
        if (System.nanoTime() - sinceNanos > MAX.toNanos()) {
            throw new CommandFailedException(
                    "%s: nothing came for %d s. Is the broker still running?".formatted(what, MAX.toSeconds()));
        }
    }
}
