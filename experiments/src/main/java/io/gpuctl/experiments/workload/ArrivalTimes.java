package io.gpuctl.experiments.workload;

import io.gpuctl.experiments.trace.Arrival;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Changes how fast the tasks of a workload arrive, and nothing else about the workload. */
public final class ArrivalTimes {
    private ArrivalTimes() {}

    /** Returns the arrivals, {@code times} times as fast. The first is at 0 ms. */
    public static List<Arrival> faster(List<Arrival> arrivals, BigDecimal times) {
        long startMs = arrivals.isEmpty() ? 0 : arrivals.getFirst().atMs();
        return arrivals.stream()
                .map(arrival -> new Arrival(
                        BigDecimal.valueOf(arrival.atMs() - startMs)
                                .divide(times, 0, RoundingMode.HALF_EVEN)
                                .longValueExact(),
                        arrival.task()))
                .toList();
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
        for (Arrival arrival : arrivals) {
            long milli = arrival.task().gpus().totalMilli();
            long durationMs = arrival.task().work().durationMs();
            asked = asked.add(BigDecimal.valueOf(milli).multiply(BigDecimal.valueOf(durationMs)));
        }
        long spanMs = arrivals.getLast().atMs() - arrivals.getFirst().atMs();
        if (spanMs == 0) {
            throw new IllegalArgumentException("All tasks arrive at the same time");
        }
        return asked.divide(
                BigDecimal.valueOf(capacityMilli).multiply(BigDecimal.valueOf(spanMs)), MathContext.DECIMAL64);
    }
}
