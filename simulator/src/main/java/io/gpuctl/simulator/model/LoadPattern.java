package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.LoadProfile;

/**
 * The utilization of an attempt at any time: piecewise constant, in cycles of a high stretch and a low one. The length
 * of the high stretch and the level of the low one vary from cycle to cycle. The level of the high stretch makes the
 * mean over each cycle the task's utilization (with {@link LoadProfile#INFERENCE}, over each day).
 *
 * <p>Each cycle is a function of the task's id, the attempt's number and the cycle's number, so the load at any time is
 * found in constant time and in any order. It depends on time, not on the work done: a slow GPU does not change it.
 */
final class LoadPattern {
    private static final long DAY_MS = 24L * 3600 * 1000;
    /** The hour of the day with the highest load, in cluster time, UTC. */
    private static final double BUSIEST_HOUR = 15;

    /** The increment of SplitMix64 (Steele, Lea and Flood). */
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private static final double TWO_TO_MINUS_53 = 0x1p-53;

    private final LoadShape shape;
    private final double utilization;
    private final long seed;
    private final long startMs;

    LoadPattern(LoadProfile profile, double utilization, AttemptId attempt, long startMs) {
        shape = LoadShape.of(profile);
        this.utilization = utilization;
        this.startMs = startMs;
        seed = shape.cycleMs() == 0 ? 0 : seed(attempt); // A constant load draws nothing.
    }

    /**
     * A stretch of constant load.
     *
     * @param endMs when the next stretch begins; {@link ThermalPath#NEVER} if there is none
     */
    record Stretch(double utilization, long endMs) {}

    LoadShape.Units units() {
        return shape.units();
    }

    /** Returns the stretch at {@code atMs}. */
    Stretch at(long atMs) {
        if (shape.cycleMs() == 0) {
            return new Stretch(utilization, ThermalPath.NEVER);
        }
        long cycle = Math.max(0, atMs - startMs) / shape.cycleMs();
        long cycleStartMs = startMs + cycle * shape.cycleMs();
        double mean = utilization * hourFactor(cycleStartMs + shape.cycleMs() / 2);
        long busyMs = Math.round(shape.cycleMs() * between(shape.busyMin(), shape.busyMax(), draw(2 * cycle)));
        double busy = (double) busyMs / shape.cycleMs();
        double wantedLow = mean * between(shape.lowMin(), shape.lowMax(), draw(2 * cycle + 1));
        // The low stretch takes the load that would put the high one above 1.
        double low = Math.max(wantedLow, (mean - busy) / (1 - busy));
        return atMs < cycleStartMs + busyMs
                ? new Stretch(Math.clamp((mean - low * (1 - busy)) / busy, 0, 1), cycleStartMs + busyMs)
                : new Stretch(Math.clamp(low, 0, 1), cycleStartMs + shape.cycleMs());
    }

    /** Returns the factor of the hour of the day; its mean over a day is 1. */
    private double hourFactor(long atMs) {
        if (shape.dayAmplitude() == 0 || utilization == 0) {
            return 1;
        }
        double amplitude = Math.min(shape.dayAmplitude(), 1 / utilization - 1);
        double day = (double) Math.floorMod(atMs, DAY_MS) / DAY_MS;
        return 1 + amplitude * StrictMath.cos(2 * Math.PI * (day - BUSIEST_HOUR / 24));
    }

    private static double between(double min, double max, double share) {
        return min + (max - min) * share;
    }

    private double draw(long index) {
        return (mixed(seed + (index + 1) * GOLDEN_GAMMA) >>> 11) * TWO_TO_MINUS_53;
    }

    private static long seed(AttemptId attempt) {
        long hash = attempt.number();
        String task = attempt.taskId().value();
        for (int i = 0; i < task.length(); i++) {
            hash = mixed(hash + task.charAt(i) + GOLDEN_GAMMA);
        }
        return mixed(hash);
    }

    /** SplitMix64's output function. */
    private static long mixed(long state) {
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
