package io.gpuctl.cli.bench.suite;

import java.util.Map;

final class ReadyMeasurement implements Measurement {
    @Override
    public String name() {
        return "ready";
    }

    @Override
    public String description() {
        return "From the start of `gpuctl up` on a new directory until all nodes are up and the API answers; the resident memory then.";
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        try (var cluster = rig.up()) {
            return new Figures()
                    .put("ready_s", cluster.readyAfter().toMillis() / 1e3)
                    .put("resident_mib", cluster.residentMib())
                    .toMap();
        }
    }
}
