package io.gpuctl.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.LiveCluster;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.telemetry.runtime.ViewsApp;
import io.gpuctl.telemetry.runtime.ViewsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The records of real services have no violations, while the services run and after they have stopped. */
@Timeout(240)
class VerifyRunningClusterIT {
    private static final int TASKS = 150;
    private static final LiveCluster.Setup SETUP = new LiveCluster.Setup(ClusterClock.atSpeed(20), "intelligent", 4, 8);

    @TempDir
    Path directory;

    @Test
    void findsNothingInWhatTheServicesWrite() throws Exception {
        try (var broker = LiveCluster.startBroker(directory.resolve("data"))) {
            String kafka = broker.bootstrapServers();
            VerifyReport last;
            try (var cluster = LiveCluster.start(broker, SETUP, directory.resolve("orchestrator"));
                    var views = ViewsApp.start(new ViewsConfig(
                            KafkaConnection.of(kafka),
                            "views",
                            "localhost",
                            1,
                            directory.resolve("views"),
                            0,
                            SETUP.clock()))) {
                await().atMost(Duration.ofMinutes(1)).until(() -> cluster.isRunning() && views.isReady());
                cluster.submit(tasks());

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
                cluster.assertHasNotFailed();
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

    /**
     * Checks that an export of a running cluster shows one moment: the stored state is the state that the facts lead
     * to.
     */
    private static void assertIsReplayed(Path log) {
        CommandRun run = CommandRun.local("replay", log.toString());
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("agrees with the state that was stored");
    }

    private static List<TaskSpec> tasks() {
        return IntStream.range(0, TASKS)
                .mapToObj(i ->
                        TaskSpec.of(new TaskId("t" + i), GpuRequest.whole(1 + i % 4, 16_384), Work.lasting(20_000)))
                .toList();
    }
}
