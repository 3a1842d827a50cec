package io.gpuctl.experiments.run;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.experiments.result.Utilisation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Adds up the newest samples of all nodes, and passes the sums to the utilisation. */
final class ClusterSensors implements Consumer<NodeTelemetry> {
    private static final double MS_PER_SECOND = 1_000;

    /** Sums are kept as whole numbers, so that adding and subtracting a value leaves no rounding error. */
    private static final double MILLI = 1_000;

    private final Utilisation utilisation;
    private final Map<NodeId, Sample> newest = new LinkedHashMap<>();

    /** Number of nodes by the temperature of their hottest GPU, in thousandths of a degree. */
    private final TreeMap<Long, Integer> nodesByHottest = new TreeMap<>();

    private long milliwatts;
    private int slowedGpus;

    private record Sample(long milliwatts, long hottestMillicelsius, int slowedGpus) {}

    ClusterSensors(Utilisation utilisation) {
        this.utilisation = utilisation;
    }

    @Override
    public void accept(NodeTelemetry telemetry) {
        Sample now = sample(telemetry);
        Sample before = newest.put(telemetry.nodeId(), now);
        if (before != null) {
            milliwatts -= before.milliwatts;
            slowedGpus -= before.slowedGpus;
            nodesByHottest.computeIfPresent(before.hottestMillicelsius, (_, nodes) -> nodes == 1 ? null : nodes - 1);
        }
        milliwatts += now.milliwatts;
        slowedGpus += now.slowedGpus;
        nodesByHottest.merge(now.hottestMillicelsius, 1, Integer::sum);
        double atSeconds = telemetry.atMs() / MS_PER_SECOND;
        utilisation.power(atSeconds, milliwatts / MILLI);
        utilisation.heat(atSeconds, nodesByHottest.lastKey() / MILLI, slowedGpus);
    }

    private static Sample sample(NodeTelemetry telemetry) {
        double watts = 0;
        double hottest = 0;
        int slowed = 0;
        for (NodeTelemetry.Gpu gpu : telemetry.gpus()) {
            watts += gpu.powerWatts();
            hottest = Math.max(hottest, gpu.temperatureCelsius());
            slowed += gpu.throttled() ? 1 : 0;
        }
        return new Sample(Math.round(watts * MILLI), Math.round(hottest * MILLI), slowed);
    }
}
