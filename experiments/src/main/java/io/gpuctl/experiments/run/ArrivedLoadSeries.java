package io.gpuctl.experiments.run;

import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.result.MetricValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measurements after each arrival of a packing experiment, averaged over the arrivals at the same percent of load.
 * Percents are rounded half to even, as in the publication.
 */
final class ArrivedLoadSeries {
    private static final double PERCENT = 100;

    private final double capacityMilli;
    private final Map<Integer, Bin> bins = new TreeMap<>();

    private static final class Bin {
        int samples;
        double allocated;
        double fragmented;
        /** Samples that were taken while any GPU was idle. */
        int idleSamples;

        double fragmentedOfIdle;
    }

    ArrivedLoadSeries(long capacityMilli) {
        this.capacityMilli = capacityMilli;
    }

    /**
     * Adds the measurements after an arrival, whether or not the task was placed; all in thousandths of a GPU.
     *
     * @param arrivedMilli how much the tasks have asked for so far
     */
    void add(long arrivedMilli, long allocatedMilli, double fragmentedMilli) {
        int percent = (int) Math.rint(arrivedMilli / (capacityMilli / PERCENT));
        Bin bin = bins.computeIfAbsent(percent, _ -> new Bin());
        bin.samples++;
        bin.allocated += PERCENT * allocatedMilli / capacityMilli;
        bin.fragmented += PERCENT * fragmentedMilli / capacityMilli;
        double idleMilli = capacityMilli - allocatedMilli;
        if (idleMilli > 0) {
            bin.idleSamples++;
            bin.fragmentedOfIdle += PERCENT * fragmentedMilli / idleMilli;
        }
    }

    List<MetricValue> values() {
        List<MetricValue> values = new ArrayList<>(3 * bins.size());
        bins.forEach((percent, bin) -> {
            values.add(MetricValue.at(percent, Metric.ALLOCATED, bin.allocated / bin.samples));
            values.add(MetricValue.at(percent, Metric.FRAGMENTED, bin.fragmented / bin.samples));
            if (bin.idleSamples > 0) {
                values.add(MetricValue.at(percent, Metric.FRAGMENTED_OF_IDLE, bin.fragmentedOfIdle / bin.idleSamples));
            }
        });
        return values;
    }
}
