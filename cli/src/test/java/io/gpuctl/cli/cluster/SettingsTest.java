package io.gpuctl.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid settings are refused before anything starts. */
class SettingsTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up --weights temp=2                        | there is no weight temp in this policy, but one of",
                "up --policy intelligent --weights power=-1 | power is -1.0, but must be a number from 0",
                "up --instance a/b                          | --instance is 'a/b'",
                "up --port 8111 --kafka-port 8111           | --port and --kafka-port are both 8111",
                "up --retain-finished -1                    | --retain-finished is -1, but must be from 0 to 100000000",
                "up --retain-finished-age 4000d             | --retain-finished-age is 4000d, but must be at most 3650d",
                "up --telemetry-interval 500ms              | --telemetry-interval is 0.5s, but must be whole seconds from 1s",
                "up --telemetry-interval 1m1s               | --telemetry-interval is 1m 1s, but must be whole seconds",
                "up --telemetry-interval x                  | --telemetry-interval",
                "run orchestrator --kafka h:1 --weights a=1 | there is no weight a in this policy",
                "run simulator --kafka h:1 --instance .x    | --instance is '.x'",
                "run simulator --kafka h:1 --nodes 0        | nodes is 0",
            })
    void areToldInALineAndNothingHasStarted(String command, String problem) {
        Path data = directory.resolve("data");

        var run = CommandRun.local(Stream.concat(Stream.of(command.split(" ")), Stream.of("--data", data.toString()))
                .toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("gpuctl: ").contains(problem).hasLineCount(2);
        assertThat(data).doesNotExist();
    }
}
