package io.gpuctl.experiments.whatif;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.engine.Checks;
import io.gpuctl.experiments.engine.Sensing;
import io.gpuctl.experiments.engine.VirtualCluster;
import io.gpuctl.experiments.engine.VirtualClusterConfig;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.simulator.cluster.GpuModels;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Writes logs of a small cluster with all kinds of events, and edits their files. */
final class VirtualRecording {
    static final String CHANGELOG = "stored-state";

    /** The partition of the default pool. */
    static final int PARTITION = 3;

    /** A time in 2026, because real logs do not begin at 0. */
    static final long BEGIN_MS = 1_767_225_600_000L;

    static final int TASKS = 120;

    private VirtualRecording() {}

    /**
     * Writes the log of a contended cluster: gangs over nodes, shares, failures, cancellations. One node is lost and
     * comes back, one crashes, one joins late, and others are cordoned, drained and repaired.
     */
    static void write(Path directory, String policy) {
        try (var log = new VirtualLog(directory, PoolId.DEFAULT)) {
            VirtualCluster cluster = new VirtualCluster(config(policy), Policies::create, log, sample -> {}, log);
            plan(cluster);
            cluster.runToEnd();
            log.finish(cluster.state(), CHANGELOG, "test");
        }
    }

    /** Writes the log of two tasks on one node: a short one, and one of ten hours that is cancelled after a minute. */
    static void writeOfALongTaskThatIsCancelled(Path directory) {
        try (var log = new VirtualLog(directory, PoolId.DEFAULT)) {
            VirtualCluster cluster = new VirtualCluster(config("fifo"), Policies::create, log, sample -> {}, log);
            cluster.join(BEGIN_MS, node(0));
            cluster.submit(BEGIN_MS + 1_000, task("short", 90_000));
            cluster.submit(BEGIN_MS + 1_000, task("long", 36_000_000));
            cluster.cancel(BEGIN_MS + 61_000, new TaskId("long"));
            cluster.runToEnd();
            log.finish(cluster.state(), CHANGELOG, "test");
        }
    }

    private static TaskSpec task(String id, long durationMs) {
        return new TaskSpec(
                new TaskId(id),
                PoolId.DEFAULT,
                "user",
                Priority.NORMAL,
                new GpuRequest(1, 1_000, 0),
                1,
                0,
                0,
                List.of(),
                2,
                new Work(durationMs, 0.9, 0));
    }

    private static VirtualClusterConfig config(String policy) {
        return new VirtualClusterConfig(
                PoolId.DEFAULT,
                List.of(),
                GpuModels.builtIn(),
                PoolSettings.withPolicy(PolicySpec.named(policy)),
                policy.contains("intelligent") ? new Sensing(10_000) : null,
                Checks.ALL);
    }

    private static void plan(VirtualCluster cluster) {
        IntStream.range(0, 4).forEach(number -> cluster.join(BEGIN_MS, node(number)));
        cluster.join(BEGIN_MS + 600_000, node(4));
        NodeId cutOff = node(1).nodeId();
        cluster.cutOff(BEGIN_MS + 100_000, cutOff);
        cluster.suspect(BEGIN_MS + 105_000, cutOff);
        cluster.lose(BEGIN_MS + 110_000, cutOff);
        cluster.reconnect(BEGIN_MS + 160_000, cutOff);
        NodeId crashed = node(2).nodeId();
        cluster.crash(BEGIN_MS + 300_000, crashed);
        cluster.suspect(BEGIN_MS + 305_000, crashed);
        cluster.lose(BEGIN_MS + 310_000, crashed);
        cluster.join(BEGIN_MS + 400_000, node(2));
        cluster.fault(BEGIN_MS + 420_000, node(3).nodeId(), "xid", 1, "XID 79", 79);
        NodeId caredFor = node(0).nodeId();
        cluster.cordon(BEGIN_MS + 200_000, caredFor, "loud");
        cluster.uncordon(BEGIN_MS + 260_000, caredFor, "new fan");
        cluster.drain(BEGIN_MS + 450_000, caredFor, "to be moved");
        cluster.uncordon(BEGIN_MS + 520_000, caredFor, "moved");
        cluster.fault(BEGIN_MS + 560_000, node(1).nodeId(), "xid", 2, "XID 48", 48);
        cluster.restart(BEGIN_MS + 640_000, node(1).nodeId());
        cluster.shutDown(BEGIN_MS + 700_000, node(3).nodeId());
        cluster.join(BEGIN_MS + 750_000, node(3));
        var random = new SplittableRandom(11);
        for (int number = 0; number < TASKS; number++) {
            TaskSpec task = task(number, random);
            long atMs = BEGIN_MS + 1_000 + number * 8_000L;
            cluster.submit(atMs, task);
            if (number % 17 == 3) {
                cluster.cancel(atMs + random.nextInt(60_000), task.taskId());
            }
        }
    }

    static NodeInventory node(int number) {
        return new NodeInventory(
                new NodeId("node-" + number),
                PoolId.DEFAULT,
                "A100-SXM4-80GB",
                4,
                80 << 10,
                64_000,
                512 << 10,
                60,
                400,
                25,
                90);
    }

    private static TaskSpec task(int number, SplittableRandom random) {
        int gpus = new int[] {1, 1, 1, 2, 4, 8}[random.nextInt(6)];
        boolean isShare = gpus == 1 && random.nextBoolean();
        return new TaskSpec(
                new TaskId("task-%03d".formatted(number)),
                PoolId.DEFAULT,
                "user-" + number % 3,
                number % 5 == 0 ? Priority.HIGH : Priority.NORMAL,
                new GpuRequest(number == 50 ? 100 : gpus, isShare ? 300 : 1_000, 1_024),
                gpus > 4 ? 2 : 1,
                1_000,
                4_096,
                List.of(),
                2,
                new Work(5_000 + random.nextInt(120_000), 0.9, number % 11 == 5 ? 1 : 0));
    }

    private static Path file(Path directory, String topic) {
        return directory.resolve("%s-%d.jsonl.gz".formatted(topic, PARTITION));
    }

    static List<String> lines(Path directory, String topic) {
        try (var in = new GZIPInputStream(Files.newInputStream(file(directory, topic)))) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes the lines of a file, and nothing else. */
    static void edit(Path directory, String topic, Consumer<List<String>> change) {
        List<String> lines = new ArrayList<>(lines(directory, topic));
        change.accept(lines);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file(directory, topic)))) {
            for (String line : lines) {
                out.write((line + "\n").getBytes(UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
