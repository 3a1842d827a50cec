package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.Cpu;
import io.gpuctl.cli.bench.load.SubmissionLoad;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Submissions at a fixed rate as soon as a cluster is ready. {@code isBusy}: while another program uses one core. */
record FirstMinuteMeasurement(boolean isBusy) implements Measurement {
    static final int RATE = 200;

    @Override
    public String name() {
        return isBusy ? "first-minute-busy" : "first-minute";
    }

    @Override
    public String description() {
        return isBusy
                ? "As first-minute, while another program keeps one core busy."
                : ("%d single submissions a second as soon as the cluster is ready, without a warm-up: from the due time of a"
                                + " submission to its answer, and to the placement in the log.")
                        .formatted(RATE);
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        ChildProcess loop = rig.other("busy-loop", List.of("sh", "-c", "while :; do :; done"));
        try (var cluster = rig.up();
                var load = new SubmissionLoad(cluster.api(), cluster.kafka())) {
            if (isBusy) {
                loop.start();
            }
            Duration before = cluster.cpu();
            var result =
                    load.run(SubmissionLoad.Plan.singles(RATE, rig.settings().measured()));
            var figures = new Figures()
                    .submissions("", result)
                    .put("cluster_cpu_ms_a_task", Cpu.millisEach(cluster.cpu().minus(before), result.accepted()));
            return (isBusy ? figures.put("busy_loop_cpu_s", UpCluster.cpu(loop).toMillis() / 1e3) : figures).toMap();
        } finally {
            loop.kill();
        }
    }
}
