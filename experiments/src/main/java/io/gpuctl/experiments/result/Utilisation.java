package io.gpuctl.experiments.result;

import java.util.ArrayList;
import java.util.List;

/**
 * The utilisation of a cluster over virtual time. The engine reports each change, and reads the series and the mean at
 * the end. Not thread-safe.
 */
public final class Utilisation {

    private final double gpus;
    private final StepSeries allocated;
    private final StepSeries power;
    private final StepSeries hottest;
    private final StepSeries slowed;
    private boolean hasPower;

    /**
     * @param gpus number of GPUs of the cluster
     * @param startSeconds start of the run
     */
    public Utilisation(double gpus, double startSeconds) {
        this.gpus = gpus;
        allocated = new StepSeries(startSeconds);
        power = new StepSeries(startSeconds);
        hottest = new StepSeries(startSeconds);
        slowed = new StepSeries(startSeconds);
    }

    /** Sets the number of allocated GPUs from {@code atSeconds} on. */
    public void allocated(double atSeconds, double allocatedGpus) {
        allocated.set(atSeconds, allocatedGpus);
    }

    /** Sets the power of all nodes together from {@code atSeconds} on. */
    public void power(double atSeconds, double watts) {
        hasPower = true;
        power.set(atSeconds, watts);
    }

    /** Sets the temperature of the hottest GPU, and the number of GPUs slowed by heat, from {@code atSeconds} on. */
    public void heat(double atSeconds, double hottestCelsius, int slowedGpus) {
        hottest.set(atSeconds, hottestCelsius);
        slowed.set(atSeconds, slowedGpus);
    }

    /** Ends the run, after which nothing changes. */
    public void end(double atSeconds) {
        allocated.advanceTo(atSeconds);
        power.advanceTo(atSeconds);
        hottest.advanceTo(atSeconds);
        slowed.advanceTo(atSeconds);
    }

    /** Returns the allocated GPUs in % of all GPUs, mean over time. */
    public double meanAllocatedPercent() {
        return 100 * allocated.mean() / gpus;
    }

    /** Returns at most {@value StepSeries#BINS} points at equal distances; call {@link #end} first. */
    public List<UtilisationPoint> points() {
        List<UtilisationPoint> points = new ArrayList<>();
        for (int bin = 0; bin < allocated.count(); bin++) {
            points.add(new UtilisationPoint(
                    allocated.startOfBin(bin),
                    100 * allocated.meanOfBin(bin) / gpus,
                    hasPower ? power.meanOfBin(bin) : null,
                    hasPower
                            ? new UtilisationPoint.Heat(hottest.meanOfBin(bin), 100 * slowed.meanOfBin(bin) / gpus)
                            : null));
        }
        return points;
    }
}
