package io.gpuctl.cli.bench.suite;

import java.util.List;

/** All measurements, in the order of a round: those that are compared with one another follow one another. */
public final class Measurements {
    private static final List<Measurement> ALL = List.of(
            new ReadyMeasurement(),
            new FirstMinuteMeasurement(false),
            HopMeasurement.FIRST_MINUTE,
            new FirstMinuteMeasurement(true),
            new WarmCpuMeasurement(),
            HopMeasurement.WARM,
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
