package io.gpuctl.cli.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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

    @Test
    void isNotFoundElsewhere() {
        assertThat(Program.in(directory)).isEmpty();
    }
}
