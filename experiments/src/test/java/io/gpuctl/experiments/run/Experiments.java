package io.gpuctl.experiments.run;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.spec.Experiment;
import io.gpuctl.experiments.spec.PolicyChoice;
import io.gpuctl.experiments.workload.SyntheticWorkload;
import io.gpuctl.simulator.cluster.ClusterShape;
import io.gpuctl.simulator.cluster.GpuModels;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Small experiments, in which tasks wait, share GPUs and span nodes. */
final class Experiments {
    private static final List<NodeInventory> NODES = ClusterShape.of(4, 8, "H100-SXM5-80GB");

    private Experiments() {}

    static Experiment drawn(Experiment.Kind kind, List<String> policies, int seeds, int tasks) {
        Map<BigDecimal, Double> gpus = new LinkedHashMap<>();
        gpus.put(new BigDecimal("0.5"), 0.3);
        gpus.put(BigDecimal.ONE, 0.4);
        gpus.put(BigDecimal.valueOf(4), 0.2);
        gpus.put(BigDecimal.valueOf(12), 0.1);
        var workload = new SyntheticWorkload(
                tasks, 30_000, new SyntheticWorkload.Durations(300_000, 1, 1_000, 7_200_000), gpus, 4_000, 16_384, 3);
        return new Experiment(
                "small",
                "",
                kind,
                NODES,
                GpuModels.builtIn(),
                new Experiment.Drawn(workload),
                policies.stream()
                        .map(name -> new PolicyChoice(name, new TreeMap<>()))
                        .toList(),
                List.of(new BigDecimal(kind == Experiment.Kind.PACKING ? "1.3" : "1.1")),
                LongStream.rangeClosed(1, seeds).boxed().toList(),
                List.of(Metric.JCT_MEAN),
                new Experiment.Telemetry(false, 10_000));
    }
}
