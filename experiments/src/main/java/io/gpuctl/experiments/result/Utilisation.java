package io.gpuctl.experiments.result;

import java.util.ArrayList;
import java.util.List;

/**
 * How busy a cluster was over virtual time. The engine tells each change; at the end it asks for the series and for
 * what {@link RunTotals} wants. Not thread-safe.
 */
public final class Utilisation {

    private final double gpus;
    private final StepSeries allocated;
    private final StepSeries power;
    private final StepSeries hottest;
    private final StepSeries slowed;
    private boolean hasPower;

    /**
     * @param gpus all of the cluster's
     * @param startSeconds of the run
     */
    public Utilisation(double gpus, double startSeconds) {
        this.gpus = gpus;
        allocated = new StepSeries(startSeconds);
        power = new StepSeries(startSeconds);
        hottest = new StepSeries(startSeconds);
        slowed = new StepSeries(startSeconds);
    }

    /** From then on so many GPUs are allocated. */
    public void allocated(double atSeconds, double allocatedGpus) {
        allocated.set(atSeconds, allocatedGpus);
    }

    /** From then on all nodes together draw so much. */
    public void power(double atSeconds, double watts) {
        hasPower = true;
        power.set(atSeconds, watts);
    }

    /** From then on the hottest GPU is so hot, and so many are slowed by heat. */
    public void heat(double atSeconds, double hottestCelsius, int slowedGpus) {
        hottest.set(atSeconds, hottestCelsius);
        slowed.set(atSeconds, slowedGpus);
    }

    /** The run ends: nothing changes any more. */
    public void end(double atSeconds) {
        allocated.advanceTo(atSeconds);
        power.advanceTo(atSeconds);
        hottest.advanceTo(atSeconds);
        slowed.advanceTo(atSeconds);
    }

    /** In % of all GPUs, mean over time. */
    public double meanAllocatedPercent() {
        return 100 * allocated.mean() / gpus;
    }

    /** At most {@value StepSeries#BINS} points at equal distances; call {@link #end} before. */
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
