package io.gpuctl.cli.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "cli/target/quarkus-app", "lib/quarkus-app"})
    void isFoundWhereItIsBuiltAndWhereItIsInstalled(String place) throws IOException {
        Path app = Files.createDirectories(directory.resolve(place));
        Files.createFile(app.resolve("gpuctl.jar"));

        assertThat(Program.in(directory))
                .hasValueSatisfying(program -> assertThat(program.directory()).isEqualTo(app));
    }

    @ParameterizedTest
    @CsvSource({"cli/target/quarkus-app, gpuctl", "lib/quarkus-app, bin/gpuctl"})
    void isStartedByTheScriptThatUsersStart(String place, String script) throws IOException {
        Path app = Files.createDirectories(directory.resolve(place));
        Path shipped = directory.resolve(script);
        Files.createDirectories(shipped.getParent());
        assertThat(Files.createFile(shipped).toFile().setExecutable(true)).isTrue();

        assertThat(new Program(app).shipped(List.of("up", "--once")))
                .containsExactly(shipped.toString(), "up", "--once");
    }

    @Test
    void isNotStartedWithoutAScript() {
        var program = new Program(directory);

        assertThatThrownBy(() -> program.shipped(List.of())).hasMessageContaining("There is no script gpuctl");
    }

    @Test
    void isNotFoundElsewhere() {
        assertThat(Program.in(directory)).isEmpty();
    }
}
