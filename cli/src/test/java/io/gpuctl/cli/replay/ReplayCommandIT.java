package io.gpuctl.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandRun;
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
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import io.gpuctl.orchestrator.runtime.OrchestratorConfig;
import io.gpuctl.simulator.runtime.SimulatorApp;
import io.gpuctl.simulator.runtime.SimulatorConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What real services write is exported, decided over, and run under another policy. */
@Timeout(180)
class ReplayCommandIT {
    private static final int TASKS = 60;
    private static final ClusterClock CLOCK = ClusterClock.atSpeed(100);

    @TempDir
    Path directory;

    @Test
    void whatWasLiveIsDecidedTheSameAndCanBeRunUnderAnotherPolicy() throws Exception {
        Path log = directory.resolve("log");
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("data")))) {
            String kafka = broker.bootstrapServers();
            try (var admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
                TopicSetup.ensureTopics(admin);
            }
            // The second goes on where the first was stopped.
            runUntil(kafka, TASKS / 3, true);
            runUntil(kafka, TASKS, false);
            assertThat(CommandRun.local("log", "export", "--kafka", kafka, "-o", log.toString())
                            .exitCode())
                    .isZero();
        }

        CommandRun replay = CommandRun.local("replay", log.toString());
        CommandRun whatIf = CommandRun.local(
                "replay",
                log.toString(),
                "--policy",
                "fgd",
                "-o",
                directory.resolve("out").toString());
        CommandRun imported = CommandRun.local(
                "log",
                "import",
                log.toString(),
                "--data",
                directory.resolve("past").toString());
        CommandRun again =
                CommandRun.local("replay", directory.resolve("out/log").toString());

        assertThat(replay.out())
                .contains("every decision came out as it is recorded, byte for byte", "the final state agrees");
        assertThat(replay.exitCode()).isZero();
        assertThat(whatIf.err()).isEmpty();
        assertThat(whatIf.out())
                .contains("RECORDED (TIRESIAS)", "FGD", "jct_mean_s", "Tasks that gained most", "Tasks that lost most");
        assertThat(again.exitCode()).isZero();
        assertThat(imported.out()).contains("left out what the orchestrator had stored");
        assertThat(imported.exitCode()).isZero();
    }

    @Test
    void saysWhatIsMissing() {
        CommandRun run = CommandRun.local("replay", directory.toString(), "--policy", "fgd");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--policy needs -o OUT");
        assertThat(CommandRun.local("replay", directory.toString()).err()).contains("manifest.json");
    }

    private void runUntil(String kafka, int ended, boolean submits) throws Exception {
        try (var orchestrator = OrchestratorApp.start(orchestrator(kafka));
                var nodes =
                        SimulatorApp.start(new SimulatorConfig(KafkaConnection.of(kafka), nodes(), CLOCK, "nodes"))) {
            if (submits) {
                submit(kafka);
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> completed(kafka) >= ended);
            assertThat(nodes.failure()).isEmpty();
            assertThat(orchestrator.failure()).isEmpty();
        }
    }

    /** How many reports of success there are. */
    private static long completed(String kafka) {
        try (var reports = new CompletionCount(kafka)) {
            return reports.count();
        }
    }

    private OrchestratorConfig orchestrator(String kafka) {
        PoolSettings wall = PoolSettings.withPolicy(PolicySpec.named("tiresias"));
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
        for (int i = 0; i < 3; i++) {
            nodes.add(new NodeInventory(
                    new NodeId("n" + i),
                    PoolId.DEFAULT,
                    "A100-SXM4-80GB",
                    4,
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
            for (int i = 0; i < TASKS; i++) {
                TaskSpec task =
                        TaskSpec.of(new TaskId("t" + i), GpuRequest.whole(1 + i % 4, 16_384), Work.lasting(20_000 + i));
                TaskCommand command = new TaskCommand.SubmitTask(task, CLOCK.nowMs());
                producer.send(new ProducerRecord<>(Topics.TASK_COMMANDS.name(), command.key(), command))
                        .get();
            }
        }
    }
}
