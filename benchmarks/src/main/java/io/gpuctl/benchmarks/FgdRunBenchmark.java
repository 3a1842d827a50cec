package io.gpuctl.benchmarks;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One run of the experiment of Weng et al. (USENIX ATC 2023). The pods of the openb trace arrive, then copies of them,
 * until all arrivals together ask for 130 % of the cluster's GPUs: about 10,800 arrivals on 1213 nodes with 6212 GPUs.
 * Needs the public trace.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC"})
public class FgdRunBenchmark {
    private static final double ARRIVED_SHARE = 1.3;
    private static final long SEED = 42;

    @Param({"fgd", "random", "best-fit", "dot-product", "gpu-packing", "gpu-clustering"})
    String policy = "fgd";

    /** The directory with the trace's files. */
    @Param("../../shared/traces/openb")
    String traces = "";

    private List<NodeInventory> nodes = List.of();
    private List<TaskSpec> arrivals = List.of();
    private TargetWorkload target = TargetWorkload.EMPTY;

    /** Reads the trace, and draws the arrivals. */
    @Setup
    public void read() throws IOException {
        nodes = OpenbFiles.nodes(Path.of(traces, "openb_node_list_gpu_node.csv"));
        List<TaskSpec> pods = OpenbFiles.pods(Path.of(traces, "openb_pod_list_default.csv"));
        target = TargetWorkload.of(pods);
        arrivals = arrivals(pods);
    }

    private List<TaskSpec> arrivals(List<TaskSpec> pods) {
        Random random = new Random(SEED);
        List<TaskSpec> drawn = new ArrayList<>(pods);
        Collections.shuffle(drawn, random);
        long capacityMilli = nodes.stream().mapToLong(NodeInventory::gpuCount).sum() * GpuRequest.WHOLE;
        long arrivedMilli =
                pods.stream().mapToLong(pod -> pod.gpus().totalMilli()).sum();
        while (arrivedMilli < ARRIVED_SHARE * capacityMilli) {
            TaskSpec pod = pods.get(random.nextInt(pods.size()));
            drawn.add(OpenbFiles.renamed(pod, new TaskId("copy-" + drawn.size())));
            arrivedMilli += pod.gpus().totalMilli();
        }
        return drawn;
    }

    /** Returns the number of tasks that were placed. */
    @Benchmark
    public int run() {
        var cluster = new Cluster(new PolicySpec(policy, Map.of("shuffle_nodes", 1.0), SEED, target), nodes);
        int placed = 0;
        for (TaskSpec task : arrivals) {
            if (cluster.submit(task) != null) {
                placed++;
            }
        }
        return placed;
    }
}
