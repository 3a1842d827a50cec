package io.gpuctl.cli.workload;

import java.util.ArrayList;
import java.util.List;

/**
 * The number of GPUs allocated over cluster time, in a bounded number of equal bins. When the bins are used up, each
 * two of them are merged. Times must not decrease; an earlier time counts as the newest. Not thread-safe.
 */
final class AllocationSeries {

    private static final int BINS = 256;

    /** The initial width of a bin. */
    private static final long INITIAL_WIDTH_MS = 100;

    /** Allocated milli-GPUs times ms, per bin. */
    private final double[] integrals = new double[BINS];

    private long widthMs = INITIAL_WIDTH_MS;
    private long startMs = -1;
    private long nowMs = -1;
    private long currentMilli;
    private long maxMilli;

    /** Changes the allocation by this amount from {@code atMs} on. */
    void change(long atMs, long deltaMilli) {
        advanceTo(atMs);
        currentMilli += deltaMilli;
        maxMilli = Math.max(maxMilli, currentMilli);
    }

    /** Extends the current allocation to this time. The first call sets the start. */
    void advanceTo(long atMs) {
        if (startMs < 0) {
            startMs = atMs;
            nowMs = atMs;
        }
        while (atMs - startMs >= BINS * widthMs) {
            halve();
        }
        while (nowMs < atMs) {
            int bin = (int) ((nowMs - startMs) / widthMs);
            long endMs = Math.min(atMs, startMs + (bin + 1) * widthMs);
            integrals[bin] += (double) currentMilli * (endMs - nowMs);
            nowMs = endMs;
        }
    }

    private void halve() {
        for (int bin = 0; bin < BINS; bin++) {
            integrals[bin] = bin < BINS / 2 ? integrals[2 * bin] + integrals[2 * bin + 1] : 0;
        }
        widthMs *= 2;
    }

    long currentMilli() {
        return currentMilli;
    }

    long maxMilli() {
        return maxMilli;
    }

    double meanMilli() {
        double sum = 0;
        for (double integral : integrals) {
            sum += integral;
        }
        return nowMs > startMs ? sum / (nowMs - startMs) : 0;
    }

    /** Returns the length of the series, ms. */
    long spanMs() {
        return nowMs - startMs;
    }

    /** Returns the mean allocation in each of {@code count} equal parts of the time, in milli-GPUs. */
    List<Double> means(int count) {
        List<Double> means = new ArrayList<>(count);
        double partMs = (double) spanMs() / count;
        for (int part = 0; part < count; part++) {
            means.add(
                    partMs == 0
                            ? 0
                            : integralUpTo((part + 1) * partMs) / partMs - integralUpTo(part * partMs) / partMs);
        }
        return means;
    }

    /** Returns the integral from the start; assumes an even allocation within a bin. */
    private double integralUpTo(double offsetMs) {
        double sum = 0;
        for (int bin = 0; bin < BINS && bin * widthMs < offsetMs; bin++) {
            double filledMs = Math.min(widthMs, spanMs() - bin * widthMs);
            double share = Math.min(1, (offsetMs - bin * widthMs) / filledMs);
            sum += integrals[bin] * share;
        }
        return sum;
    }
}
