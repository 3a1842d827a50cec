package io.gpuctl.experiments.workload;

import io.gpuctl.experiments.trace.Arrival;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Changes how fast the tasks of a workload arrive, and nothing else about the workload. */
public final class ArrivalTimes {
    /** Below this quotient, the double nearest to it is off by less than a thousandth. */
    private static final double QUOTIENT_MAX = 0x1p40;

    private static final double DOUBT = 1e-3;

    private ArrivalTimes() {}

    /** Returns the arrivals, {@code times} times as fast. The first is at 0 ms. */
    public static List<Arrival> faster(List<Arrival> arrivals, BigDecimal times) {
        long startMs = arrivals.isEmpty() ? 0 : arrivals.getFirst().atMs();
        double roughly = times.doubleValue();
        return arrivals.stream()
                .map(arrival -> new Arrival(divided(arrival.atMs() - startMs, times, roughly), arrival.task()))
                .toList();
    }

    /** Returns the exact quotient, rounded half to even. Computes with decimals only where a double leaves a doubt. */
    private static long divided(long ms, BigDecimal times, double roughly) {
        double quotient = ms / roughly;
        double below = Math.floor(quotient);
        double rest = quotient - below;
        if (Math.abs(quotient) < QUOTIENT_MAX && Math.abs(rest - 0.5) > DOUBT) {
            return (long) below + (rest > 0.5 ? 1 : 0);
        }
        return BigDecimal.valueOf(ms).divide(times, 0, RoundingMode.HALF_EVEN).longValueExact();
    }

    /**
     * Returns the arrivals, so fast that the tasks ask for {@code load} times the GPU time that the cluster has between
     * the first arrival and the last.
     *
     * @throws IllegalArgumentException if all tasks arrive at once, or ask for no GPU time
     */
    public static List<Arrival> atLoad(List<Arrival> arrivals, BigDecimal load, long capacityMilli) {
        BigDecimal own = load(arrivals, capacityMilli);
        if (own.signum() == 0) {
            throw new IllegalArgumentException("The tasks ask for no GPU time");
        }
        return faster(arrivals, load.divide(own, MathContext.DECIMAL64));
    }

    /**
     * Returns the GPU time that the tasks ask for, as a multiple of the GPU time that the cluster has between the first
     * arrival and the last.
     */
    static BigDecimal load(List<Arrival> arrivals, long capacityMilli) {
        BigDecimal asked = BigDecimal.ZERO;
        long part = 0;
        for (Arrival arrival : arrivals) {
            long milli = arrival.task().gpus().totalMilli();
            long milliMs = Math.multiplyExact(milli, arrival.task().work().durationMs());
            if (part > Long.MAX_VALUE - milliMs) {
                asked = asked.add(BigDecimal.valueOf(part));
                part = 0;
            }
            part += milliMs;
        }
        asked = asked.add(BigDecimal.valueOf(part));
        long spanMs = arrivals.getLast().atMs() - arrivals.getFirst().atMs();
        if (spanMs == 0) {
            throw new IllegalArgumentException("All tasks arrive at the same time");
        }
        return asked.divide(
                BigDecimal.valueOf(capacityMilli).multiply(BigDecimal.valueOf(spanMs)), MathContext.DECIMAL64);
    }
}
