package io.gpuctl.cli.bench;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.VersionProvider;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.engine.Checks;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.engine.VirtualCluster;
import io.gpuctl.experiments.engine.VirtualClusterConfig;
import io.gpuctl.experiments.whatif.VirtualLog;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import io.gpuctl.simulator.cluster.ClusterShape;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.cluster.NodeShape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the log of a cluster that has run many tasks: its growth can be measured without running them live. */
@Command(
        name = "log",
        description = {
            "Writes the log of a cluster in which N tasks have finished, run in virtual time, to measure how gpuctl grows.",
            "gpuctl log import DIR --data NEW makes it the log of a cluster. Its last task finishes now."
        })
final class LongLogCommand implements Callable<Integer> {
    private static final int TASKS_MAX = 100_000_000;
    private static final long TASK_MS = 60_000;

    /** A task is submitted, placed, started and completed. */
    private static final long FACTS_A_TASK = 4;

    /** The nodes' GPUs are this busy, in percent. */
    private static final long LOAD_PERCENT = 75;

    /** How many tasks are planned at a time, which limits the memory. */
    private static final int PLANNED_MAX = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "Directory for the log; must be absent or empty.")
    private Path output = Path.of("log");

    @Option(
            names = "--tasks",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Number of tasks, each of one GPU and a minute (default: ${DEFAULT-VALUE}).")
    private int tasks;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "100",
            description = "Number of nodes of 8 GPUs, three quarters of which are busy (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "100",
            description = "Number of users, who submit in turn (default: ${DEFAULT-VALUE}).")
    private int users;

    @Override
    public Integer call() {
        Ranges.require(spec, "--tasks", tasks, 1, TASKS_MAX);
        Ranges.require(spec, "--nodes", nodes, 1, ClusterShape.MAX_NODES);
        Ranges.require(spec, "--users", users, 1, TASKS_MAX);
        List<NodeInventory> inventories = ClusterShape.of(
                nodes, NodeShape.of(NodeShape.DEFAULT_GPU_MODEL, NodeShape.DEFAULT_GPUS), GpuModels.builtIn());
        long gpus = inventories.stream().mapToLong(NodeInventory::gpuCount).sum();
        long written;
        var terminal = Terminal.isInteractive() ? spec.commandLine().getErr() : null;
        try (var log = new VirtualLog(output, PoolId.DEFAULT);
                var progress = new Progress("writing", terminal)) {
            progress.expect(FACTS_A_TASK * tasks);
            var config = new VirtualClusterConfig(
                    PoolId.DEFAULT,
                    List.of(),
                    GpuModels.builtIn(),
                    PoolSettings.withPolicy(PolicySpec.named("fifo")),
                    null,
                    Checks.NORMAL);
            var facts = FactSink.all(log, _ -> progress.advance());
            var cluster = new VirtualCluster(config, Policies::create, facts, _ -> {}, log);
            run(cluster, inventories, TASK_MS * 100.0 / (gpus * LOAD_PERCENT));
            written = cluster.facts();
            log.finish(cluster.state(), OrchestratorApp.STATE_CHANGELOG, "gpuctl " + VersionProvider.version());
        } catch (EventLogException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
        spec.commandLine().getOut().println("%d tasks, %d facts in %s".formatted(tasks, written, output));
        return 0;
    }

    /** Submits a task each {@code intervalMs}, so that the last ends about now. */
    private void run(VirtualCluster cluster, List<NodeInventory> inventories, double intervalMs) {
        long spanMs = TASK_MS + (long) (tasks * intervalMs);
        long beginMs =
                System.currentTimeMillis() - spanMs - Duration.ofMinutes(1).toMillis();
        inventories.forEach(node -> cluster.join(beginMs, node));
        for (int first = 0; first < tasks; first += PLANNED_MAX) {
            for (int number = first; number < Math.min(tasks, first + PLANNED_MAX); number++) {
                cluster.submit(beginMs + 1_000 + (long) (number * intervalMs), task(number));
            }
            cluster.runUntil(beginMs + (long) ((first + PLANNED_MAX) * intervalMs));
        }
        cluster.runToEnd();
    }

    private TaskSpec task(int number) {
        return new TaskSpec(
                new TaskId("task-%08d".formatted(number)),
                PoolId.DEFAULT,
                "user-%06d".formatted(number % users),
                Priority.NORMAL,
                new GpuRequest(1, GpuRequest.WHOLE, 0),
                1,
                0,
                0,
                List.of(),
                TaskSpec.DEFAULT_MAX_ATTEMPTS,
                new Work(TASK_MS, 1, 0));
    }
}
