package io.gpuctl.experiments.workload;

import io.gpuctl.experiments.trace.Arrival;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Changes how fast the tasks of a workload arrive, and nothing else about it. */
public final class ArrivalTimes {
    private ArrivalTimes() {}

    /** As many times as many arrive in a given time, from the first arrival on, which is at 0 ms. */
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
     * They arrive so fast that they ask for so many times the cluster's GPU time: between the first arrival and the last.
     *
     * @throws IllegalArgumentException if they all arrive at once, or ask for no GPU time
     */
    public static List<Arrival> atLoad(List<Arrival> arrivals, BigDecimal load, long capacityMilli) {
        BigDecimal own = load(arrivals, capacityMilli);
        if (own.signum() == 0) {
            throw new IllegalArgumentException("The tasks ask for no GPU time");
        }
        return faster(arrivals, load.divide(own, MathContext.DECIMAL64));
    }

    /** What they ask for of the GPU time that the cluster has between the first arrival and the last. */
    static BigDecimal load(List<Arrival> arrivals, long capacityMilli) {
        BigDecimal asked = BigDecimal.ZERO;
        for (Arrival arrival : arrivals) {
            long milli = arrival.task().gpus().totalMilli();
            long durationMs = arrival.task().work().durationMs();
            asked = asked.add(BigDecimal.valueOf(milli).multiply(BigDecimal.valueOf(durationMs)));
        }
        long spanMs = arrivals.getLast().atMs() - arrivals.getFirst().atMs();
        if (spanMs == 0) {
            throw new IllegalArgumentException("The tasks arrive all at once");
        }
        return asked.divide(
                BigDecimal.valueOf(capacityMilli).multiply(BigDecimal.valueOf(spanMs)), MathContext.DECIMAL64);
    }
}
