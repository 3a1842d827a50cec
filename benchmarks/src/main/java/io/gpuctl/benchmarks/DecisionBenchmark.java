package io.gpuctl.benchmarks;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.util.ArrayList;
import java.util.List;
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
 * Measures a busy cluster in which one task ends and another arrives: three inputs, one of which is a placement. The
 * question is how the cost grows with the number of nodes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx2g", "-XX:+UseSerialGC"})
public class DecisionBenchmark {
    private static final int GPUS_PER_NODE = 8;
    private static final int SHAPES = 100;
    /** The mean number of tasks that run on a node: about 70 % of the GPUs are in use. */
    private static final int TASKS_PER_NODE = 8;

    @Param({"300", "1200", "5000", "20000"})
    int nodes;

    @Param({"fifo", "intelligent", "random", "best-fit", "dot-product", "gpu-packing", "gpu-clustering", "fgd"})
    String policy = "fifo";

    private final Random random = new Random(1);
    private final List<TaskSpec> shapes = new ArrayList<>();
    private final List<Cluster.Running> running = new ArrayList<>();
    private Cluster cluster = new Cluster(PolicySpec.named("fifo"), List.of());
    private long tasks;

    /** Fills the cluster. */
    @Setup
    public void fill() {
        cluster = new Cluster(PolicySpec.named(policy), inventories(nodes));
        for (int i = 0; i < SHAPES; i++) {
            shapes.add(randomShape());
        }
        for (int i = 0; i < nodes * TASKS_PER_NODE; i++) {
            submit();
        }
    }

    private void submit() {
        TaskSpec shape = shapes.get(random.nextInt(SHAPES));
        var task = new TaskSpec(
                new TaskId("task-" + tasks++),
                shape.pool(),
                shape.user(),
                shape.priority(),
                shape.gpus(),
                shape.cpuMilli(),
                shape.memoryMib(),
                shape.gpuModels(),
                shape.maxAttempts(),
                shape.work());
        Cluster.Running placed = cluster.submit(task);
        if (placed != null) {
            running.add(placed);
        }
    }

    /** Ends one task and submits another. */
    @Benchmark
    public void replaceATask() {
        int ending = random.nextInt(running.size());
        cluster.complete(running.get(ending));
        running.set(ending, running.getLast());
        running.removeLast();
        submit();
    }

    private static List<NodeInventory> inventories(int count) {
        List<NodeInventory> inventories = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            inventories.add(new NodeInventory(
                    new NodeId("node-%05d".formatted(i)),
                    PoolId.DEFAULT,
                    "A100-SXM4-80GB",
                    GPUS_PER_NODE,
                    81_920,
                    128_000,
                    1_048_576,
                    60,
                    400,
                    25,
                    85));
        }
        return inventories;
    }

    private TaskSpec randomShape() {
        GpuRequest gpus = switch (random.nextInt(10)) {
            case 0 -> GpuRequest.NONE;
            case 1 -> GpuRequest.whole(2, 0);
            case 2, 3, 4 -> GpuRequest.whole(1, 0);
            default -> GpuRequest.share(50 * (1 + random.nextInt(19)), 0);
        };
        return new TaskSpec(
                new TaskId("shape"),
                PoolId.DEFAULT,
                TaskSpec.DEFAULT_USER,
                Priority.NORMAL,
                gpus,
                1_000L * random.nextInt(16),
                1_024L * random.nextInt(64),
                List.of(),
                TaskSpec.DEFAULT_MAX_ATTEMPTS,
                Work.lasting(60_000));
    }
}
