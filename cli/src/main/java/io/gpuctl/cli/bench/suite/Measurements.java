package io.gpuctl.cli.bench.suite;

import java.util.List;

/**
 * All measurements, in the order of a round: those that are compared with one another follow one another. The load of
 * {@code cpu-800} comes before the first minutes of clusters, so that these do not have a cold load generator too.
 */
public final class Measurements {
    private static final List<Measurement> ALL = List.of(
            new ReadyMeasurement(),
            new WarmCpuMeasurement(),
            HopMeasurement.WARM,
            new FirstMinuteMeasurement(false),
            HopMeasurement.FIRST_MINUTE,
            new FirstMinuteMeasurement(true),
            new CapacityMeasurement(),
            new ReadsMeasurement(),
            new TelemetryMeasurement(),
            new RestartMeasurement(),
            new SimulationMeasurement());

    private Measurements() {}

    static List<Measurement> all() {
        return ALL;
    }

    public static List<String> names() {
        return ALL.stream().map(Measurement::name).toList();
    }
}
