package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.Cpu;
import io.gpuctl.cli.bench.load.SubmissionLoad;
import java.time.Duration;
import java.util.Map;

final class WarmCpuMeasurement implements Measurement {
    static final int RATE = 800;

    @Override
    public String name() {
        return "cpu-800";
    }

    @Override
    public String description() {
        return "%d single submissions a second after a warm-up at a low rate: the CPU of all processes of the cluster for each task, nodes included."
                .formatted(RATE);
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        try (var cluster = rig.up()) {
            run(cluster, rig.settings().warmupRate(), rig.settings().warmup());
            Duration before = cluster.cpu();
            var result = run(cluster, RATE, rig.settings().measured());
            return new Figures()
                    .put("cluster_cpu_ms_a_task", Cpu.millisEach(cluster.cpu().minus(before), result.accepted()))
                    .submissions("", result)
                    .toMap();
        }
    }

    private static SubmissionLoad.Result run(UpCluster cluster, int rate, Duration duration) throws Exception {
        try (var load = new SubmissionLoad(cluster.api(), cluster.kafka())) {
            return load.run(SubmissionLoad.Plan.singles(rate, duration));
        }
    }
}
