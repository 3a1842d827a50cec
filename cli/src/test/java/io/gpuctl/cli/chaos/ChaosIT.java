package io.gpuctl.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.chaos.cluster.Program;
import io.gpuctl.cli.chaos.scenario.Scenario;
import io.gpuctl.cli.chaos.scenario.Scenarios;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Campaigns against the packaged program. Two are part of every build; all of them run with {@code -P chaos}. A failure
 * reports the seed and the directory of the processes' output.
 */
class ChaosIT {
    private static final long SEED = 20_260_101;
    private static final int RATE = 10;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @BeforeAll
    static void findTheProgram() {
        System.setProperty(
                "gpuctl.app",
                Path.of(System.getProperty("maven.project.basedir", "."), "target", "quarkus-app")
                        .toString());
    }

    private void requireHeld(Scenario scenario, int brokers) {
        var plan = new Campaign.Plan(SEED, brokers, RATE, directory, Optional.of(Program.current()));
        var verdict = new Campaign(plan, new PrintWriter(System.out, true, StandardCharsets.UTF_8)).run(scenario);

        assertThat(verdict.broken()).as("seed %d, %s", SEED, directory).isEmpty();
    }

    @Test
    void everythingIsKeptWhenSeveralProcessesAreKilled() {
        requireHeld(Scenarios.named("kill-several").orElseThrow(), 1);
    }

    /** Fifty clients race for each id, over two APIs that share no memory. */
    @Test
    void theFirstSubmissionInTheLogOwnsAContestedId() {
        requireHeld(Scenarios.named("contested-ids").orElseThrow(), 1);
    }

    /** Fifty clients race for each id, over two APIs that share no memory. */
    @Test
    void anIdThatTwoPoolsAreAskedForAtOneMomentIsOneTask() {
        requireHeld(Scenarios.named("id-in-two-pools").orElseThrow(), 1);
    }

    static Stream<Scenario> all() {
        return Scenarios.all().stream();
    }

    @Tag("chaos")
    @ParameterizedTest
    @MethodSource("all")
    void holds(Scenario scenario) {
        requireHeld(scenario, scenario.use() == Scenario.Use.THREE_BROKERS ? 3 : 1);
    }
}
