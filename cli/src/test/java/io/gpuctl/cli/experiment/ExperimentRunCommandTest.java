package io.gpuctl.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentRunCommandTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writeExperiment() throws IOException {
        file = Files.writeString(directory.resolve("small.yaml"), """
                name: small
                cluster: {nodes: 2, gpus_per_node: 4}
                workload: {synthetic: {tasks: 30, durations: {median: 5m, sigma: 1, max: 1h}, gpus: {1: 0.5, 4: 0.5}}}
                policies: [fifo, best-fit]
                seeds: 1..2
                metrics: [jct_mean_s, preemptions]
                """);
    }

    private CommandRun run(String... more) {
        List<String> args = new ArrayList<>(List.of("experiment", "run", file.toString(), "-o", out().toString()));
        args.addAll(List.of(more));
        return CommandRun.local(args.toArray(String[]::new));
    }

    private Path out() {
        return directory.resolve("out");
    }

    @Test
    void printsAPolicyALineAndWritesTheFiles() {
        CommandRun run = run("--threads", "1");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("synthetic, mean of 2 seeds, +- 95 % confidence")
                .containsPattern("POLICY +JCT_MEAN_S +PREEMPTIONS\n")
                .containsPattern("(?m)^best-fit +[\\d.,]+ \\+- [\\d.,]+ +0\\.00 \\+- 0\\.00$")
                .containsPattern("4 runs, [\\d,]+ events in [\\d.]+ s: [\\d,]+ events/s");
        assertThat(out()).isDirectoryContaining("glob:**/report.html");
        assertThat(out().resolve("metrics.csv"))
                .content()
                .startsWith("experiment,workload,policy,load,seed,at,metric,value\n");
    }

    @Test
    void doesNotRepeatWhatIsFinished() {
        run();

        CommandRun again = run();
        CommandRun more = run("--set", "seeds=1..3");

        assertThat(again.out()).contains("0 runs (4 were finished before), 0 events");
        assertThat(more.out()).contains("2 runs (4 were finished before)");
    }

    @Test
    void comparesWithWhatWasPublished() throws IOException {
        Path published = Files.writeString(
                directory.resolve("published.csv"), "workload,policy,metric,value\nsynthetic,fifo,jct_mean_s,1.5\n");

        CommandRun run = run("--expect", published.toString());

        assertThat(run.out()).contains("0 of 1 published values are met");
        assertThat(run.exitCode()).isOne();
    }

    @Test
    void saysWhatIsWrong() {
        CommandRun wrongKey = run("--set", "polices=fifo");
        CommandRun noFile = CommandRun.local(
                "experiment", "run", directory.resolve("none.yaml").toString(), "-o", out().toString());
        CommandRun noThreads = run("--threads", "0");

        assertThat(wrongKey.exitCode()).isOne();
        assertThat(wrongKey.err()).contains("polices is unknown: did you mean policies?");
        assertThat(noFile.err()).contains("There is no file ").doesNotContain("\tat ");
        assertThat(noThreads.exitCode()).isEqualTo(2);
        assertThat(noThreads.err()).contains("--threads is 0, but must be from 1 to");
    }
}
