package io.gpuctl.cli.chaos.cluster;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions, with a time limit. */
public final class Waiting {
    private static final Duration PERIOD = Duration.ofMillis(200);

    private Waiting() {}

    /**
     * Waits until the condition holds; throws {@link ChaosException} after the limit. {@code what}: the condition, for
     * people.
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        long endNanos = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                throw new ChaosException("Timed out after %d s. Expected: %s".formatted(limit.toSeconds(), what));
            }
            pause(PERIOD);
        }
    }

    public static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosException("Interrupted", e);
        }
    }
}
