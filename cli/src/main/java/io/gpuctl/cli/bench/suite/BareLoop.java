package io.gpuctl.cli.bench.suite;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * The least that a simulation of a queue with many servers must do: keeps the times at which the servers become free,
 * and lets each arriving task take the server that is free first.
 */
final class BareLoop {
    private static final int RUNS = 3;
    private static final double LOAD = 0.8;
    private static final double MEDIAN_SECONDS = 600;
    private static final double MEAN_SECONDS = MEDIAN_SECONDS * Math.exp(0.5);

    private BareLoop() {}

    /** Returns the shortest of some runs: the first ones are not compiled yet. */
    static Duration best(int tasks, int servers) {
        Duration best = Duration.ofDays(1);
        for (int run = 0; run < RUNS; run++) {
            long startNanos = System.nanoTime();
            double end = run(tasks, servers, new SplittableRandom(1));
            Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
            // The result is used, so that the compiler cannot leave the loop out.
            best = end > 0 && took.compareTo(best) < 0 ? took : best;
        }
        return best;
    }

    /** Returns the time at which the last task ends, s. Durations are log-normal with sigma 1. */
    static double run(int tasks, int servers, SplittableRandom random) {
        double gap = MEAN_SECONDS / (servers * LOAD);
        var freeAt = new PriorityQueue<Double>(servers);
        double now = 0;
        double last = 0;
        for (int task = 0; task < tasks; task++) {
            now += gap * random.nextExponential();
            double start = freeAt.size() < servers ? now : Math.max(now, freeAt.remove());
            double end = start + MEDIAN_SECONDS * Math.exp(random.nextGaussian());
            freeAt.add(end);
            last = Math.max(last, end);
        }
        return last;
    }
}
