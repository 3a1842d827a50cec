package io.gpuctl.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.LiveCluster;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Exports the log of real services, replays its decisions, and runs it under another policy. */
@Timeout(180)
class ReplayCommandIT {
    private static final int TASKS = 60;
    private static final LiveCluster.Setup SETUP = new LiveCluster.Setup(ClusterClock.atSpeed(100), "tiresias", 3, 4);

    @TempDir
    Path directory;

    @Test
    void whatWasLiveIsDecidedTheSameAndCanBeRunUnderAnotherPolicy() throws Exception {
        Path log = directory.resolve("log");
        try (var broker = LiveCluster.startBroker(directory.resolve("data"))) {
            String kafka = broker.bootstrapServers();
            // The second run continues where the first was stopped.
            runUntil(broker, TASKS / 3, tasks());
            runUntil(broker, TASKS, List.of());
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
                .contains("every decision is the same as recorded, byte for byte", "the final state agrees");
        assertThat(replay.exitCode()).isZero();
        assertThat(whatIf.err()).isEmpty();
        assertThat(whatIf.out())
                .contains("RECORDED (TIRESIAS)", "FGD", "jct_mean_s", "Tasks that gained most", "Tasks that lost most");
        assertThat(again.exitCode()).isZero();
        assertThat(imported.out()).contains("left out the orchestrator's stored state");
        assertThat(imported.exitCode()).isZero();
    }

    @Test
    void saysWhatIsMissing() {
        CommandRun run = CommandRun.local("replay", directory.toString(), "--policy", "fgd");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--policy requires -o OUT");
        assertThat(CommandRun.local("replay", directory.toString()).err()).contains("manifest.json");
    }

    private void runUntil(EmbeddedBroker broker, int completed, List<TaskSpec> submitted) throws Exception {
        try (var cluster = LiveCluster.start(broker, SETUP, directory.resolve("orchestrator"))) {
            cluster.submit(submitted);
            cluster.awaitCompleted(completed);
            cluster.assertHasNotFailed();
        }
    }

    private static List<TaskSpec> tasks() {
        return IntStream.range(0, TASKS)
                .mapToObj(i ->
                        TaskSpec.of(new TaskId("t" + i), GpuRequest.whole(1 + i % 4, 16_384), Work.lasting(20_000 + i)))
                .toList();
    }
}
