package io.gpuctl.cli.bench.suite;

import java.time.Duration;
import java.util.List;

/**
 * The extent of the measurements.
 *
 * @param nodes simulated nodes of each cluster
 * @param seconds the length of a measurement with a fixed rate
 * @param isQuick whether the sizes only prove that the measurements work
 */
public record Settings(int nodes, int rounds, int seconds, boolean isQuick) {

    Settings withRounds(int newRounds) {
        return new Settings(nodes, newRounds, seconds, isQuick);
    }

    Duration measured() {
        return Duration.ofSeconds(seconds);
    }

    /** Until the JVM has compiled what the load needs. */
    Duration warmup() {
        return Duration.ofSeconds(isQuick ? 2 : 60);
    }

    /**
     * Submissions a second in the warm-up of a cluster: few enough that the second compiler has idle time to work in.
     */
    int warmupRate() {
        return 100;
    }

    Duration capacityLimit() {
        return Duration.ofSeconds(isQuick ? 15 : 150);
    }

    /** The time for which a rate has to pass. */
    Duration capacityLevel() {
        return Duration.ofSeconds(isQuick ? 2 : 8);
    }

    int restartTasks() {
        return isQuick ? 1_000 : 20_000;
    }

    int simulationTasks() {
        return isQuick ? 2_000 : 200_000;
    }

    List<Integer> simulationNodes() {
        return isQuick ? List.of(50) : List.of(300, 1_200, 5_000);
    }
}
