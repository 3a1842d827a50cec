package io.gpuctl.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.PartitionFile;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.events.kafka.Topics;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongLogCommandTest {
    @TempDir
    private Path directory;

    @Test
    void writesALogThatCanBeReplayed() {
        String log = directory.resolve("log").toString();

        var written = CommandRun.local("bench", "log", "--tasks", "300", "--nodes", "2", "--users", "7", "-o", log);

        assertThat(written.out()).contains("300 tasks, ");
        var replayed = CommandRun.local("replay", log);
        assertThat(replayed.exitCode()).as(replayed.out()).isZero();
    }

    @Test
    void hasACommandToANodeForEachTask() {
        Path log = directory.resolve("log");

        CommandRun.local("bench", "log", "--tasks", "300", "--nodes", "2", "-o", log.toString());

        assertThat(EventLogReader.open(log).partitions(Topics.PLACEMENTS.name()).stream()
                        .mapToLong(PartitionFile::records)
                        .sum())
                .isEqualTo(300);
    }

    @Test
    void refusesADirectoryThatIsNotEmpty() {
        var run = CommandRun.local(
                "bench", "log", "--tasks", "1", "-o", Path.of("src").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("src");
    }

    @Test
    void refusesNoTasks() {
        var run = CommandRun.local("bench", "log", "--tasks", "0", "-o", directory.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--tasks is 0, but must be from 1 to 100000000");
    }
}
