package io.gpuctl.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import io.gpuctl.orchestrator.runtime.OrchestratorConfig;
import io.gpuctl.simulator.runtime.SimulatorApp;
import io.gpuctl.simulator.runtime.SimulatorConfig;
import io.gpuctl.telemetry.runtime.ViewsApp;
import io.gpuctl.telemetry.runtime.ViewsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the real services write has no violations: while they run, and once they have stopped. */
@Timeout(240)
class VerifyRunningClusterIT {
    private static final int TASKS = 150;
    private static final ClusterClock CLOCK = ClusterClock.atSpeed(20);

    @TempDir
    Path directory;

    @Test
    void findsNothingInWhatTheServicesWrite() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("data")))) {
            String kafka = broker.bootstrapServers();
            try (var admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
                TopicSetup.ensureTopics(admin);
            }
            VerifyReport last;
            try (var orchestrator = OrchestratorApp.start(orchestrator(kafka));
                    var views = ViewsApp.start(new ViewsConfig(
                            KafkaConnection.of(kafka), "views", "localhost", 1, directory.resolve("views"), 0, CLOCK));
                    var nodes = SimulatorApp.start(
                            new SimulatorConfig(KafkaConnection.of(kafka), nodes(), CLOCK, "nodes"))) {
                await().atMost(Duration.ofMinutes(1)).until(() -> orchestrator.isRunning() && views.isReady());
                submit(kafka);

                List<VerifyReport> whileRunning = new ArrayList<>();
                List<Path> exported = new ArrayList<>();
                await().atMost(Duration.ofMinutes(2)).until(() -> {
                    whileRunning.add(verify(kafka));
                    exported.add(export(kafka, exported.size()));
                    return whileRunning.getLast().counts().tasks().getOrDefault(TaskState.COMPLETED, 0L) == TASKS;
                });

                assertThat(whileRunning)
                        .hasSizeGreaterThan(1)
                        .allSatisfy(
                                report -> assertThat(report.violations().kept()).isEmpty());
                assertThat(nodes.failure()).isEmpty();
                assertThat(exported).allSatisfy(VerifyRunningClusterIT::assertIsReplayed);
            }
            last = verify(kafka);

            assertThat(last.violations().kept()).isEmpty();
            assertThat(last.notes()).isEmpty();
            assertThat(last.counts().tasks()).isEqualTo(Map.of(TaskState.COMPLETED, (long) TASKS));
        }
    }

    private static VerifyReport verify(String kafka) {
        try (var progress = new Progress("reading", null)) {
            return Verification.run(KafkaConnection.of(kafka), progress);
        }
    }

    private Path export(String kafka, int number) {
        Path log = directory.resolve("log-" + number);
        CommandRun run = CommandRun.local("log", "export", "--kafka", kafka, "-o", log.toString());
        assertThat(run.err()).isEmpty();
        return log;
    }

    /** What was exported of a running cluster is of one moment: the stored state too is what the facts make. */
    private static void assertIsReplayed(Path log) {
        CommandRun run = CommandRun.local("replay", log.toString());
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("agrees with what was stored");
    }

    private OrchestratorConfig orchestrator(String kafka) {
        PoolSettings wall = PoolSettings.withPolicy(PolicySpec.named("intelligent"));
        PoolSettings settings = new PoolSettings(
                wall.policy(),
                false,
                wall.nodeLossesMax(),
                wall.retryBackoffMs(),
                CLOCK.clusterDurationMs(wall.suspectAfterMs()),
                CLOCK.clusterDurationMs(wall.lostAfterMs()),
                wall.finishedTasksKept());
        return new OrchestratorConfig(
                KafkaConnection.of(kafka), "orchestrator", directory.resolve("orchestrator"), CLOCK, settings, 0);
    }

    private static List<NodeInventory> nodes() {
        List<NodeInventory> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(new NodeInventory(
                    new NodeId("n" + i),
                    PoolId.DEFAULT,
                    "A100-SXM4-80GB",
                    8,
                    81_920,
                    128_000,
                    1_048_576,
                    60,
                    400,
                    25,
                    85));
        }
        return nodes;
    }

    private static void submit(String kafka) throws Exception {
        try (var producer = new KafkaProducer<String, TaskCommand>(
                Map.of("bootstrap.servers", kafka, "partitioner.class", PoolPartitioner.class.getName()),
                new StringSerializer(),
                Topics.TASK_COMMANDS.serializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                TaskSpec task =
                        TaskSpec.of(new TaskId("t" + i), GpuRequest.whole(1 + i % 4, 16_384), Work.lasting(20_000));
                TaskCommand command = new TaskCommand.SubmitTask(task, CLOCK.nowMs());
                sent.add(producer.send(new ProducerRecord<>(Topics.TASK_COMMANDS.name(), command.key(), command)));
            }
            for (Future<?> future : sent) {
                future.get();
            }
        }
    }
}
