package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An M/M/K-like experiment, and a bare loop over as many tasks beside it. */
final class SimulationMeasurement implements Measurement {
    private static final int GPUS_PER_NODE = 8;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** The last moments before the end of a process are not seen. */
    private static final Duration PERIOD = Duration.ofMillis(20);

    @Override
    public String name() {
        return "simulation";
    }

    @Override
    public String description() {
        return "`gpuctl experiment run` of one-GPU tasks with log-normal durations at load 0.8, fifo, 8 GPUs a node, as a process"
                + " with its start and its report; and a bare Java loop over as many tasks and GPUs, which only keeps the times at"
                + " which GPUs become free.";
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        var figures = new Figures();
        int tasks = rig.settings().simulationTasks();
        for (int nodes : rig.settings().simulationNodes()) {
            Times times = experiment(rig, nodes, tasks);
            figures.put("nodes_%d_s".formatted(nodes), times.wall().toMillis() / 1e3)
                    .put("nodes_%d_cpu_s".formatted(nodes), times.cpu().toMillis() / 1e3)
                    .put(
                            "loop_%d_s".formatted(nodes),
                            BareLoop.best(tasks, nodes * GPUS_PER_NODE).toNanos() / 1e9);
        }
        return figures.put("simulated_tasks", tasks).toMap();
    }

    private record Times(Duration wall, Duration cpu) {}

    private static Times experiment(Rig rig, int nodes, int tasks) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(rig.newDirectory("simulation"));
        Path file = Files.writeString(directory.resolve("mmk.yaml"), """
                name: mmk
                kind: trace
                cluster: {nodes: %d, gpus_per_node: %d, gpu_model: A100-SXM4-80GB}
                workload:
                  synthetic:
                    tasks: %d
                    mean_gap: 1s
                    durations: {median: 10m, sigma: 1.0, min: 1s, max: 6h}
                    gpus: {1: 1.0}
                policies: [fifo]
                loads: 0.8
                seeds: 1
                metrics: [jct_mean_s, queueing_mean_s, makespan_s]
                """.formatted(nodes, GPUS_PER_NODE, tasks));
        ChildProcess run = rig.gpuctl(
                "experiment",
                List.of(
                        "experiment",
                        "run",
                        file.toString(),
                        "-o",
                        directory.resolve("out").toString()));
        return times(run);
    }

    private static Times times(ChildProcess process) throws InterruptedException {
        long startNanos = System.nanoTime();
        process.start();
        Duration cpu = Duration.ZERO;
        while (process.isAlive()) {
            Duration now = UpCluster.cpu(process);
            cpu = now.isZero() ? cpu : now;
            Thread.sleep(PERIOD);
        }
        Duration wall = Duration.ofNanos(System.nanoTime() - startNanos);
        if (process.awaitExit(LIMIT) != 0) {
            throw new ChaosException("%s failed: %s".formatted(process.name(), process.tail()));
        }
        return new Times(wall, cpu);
    }
}
