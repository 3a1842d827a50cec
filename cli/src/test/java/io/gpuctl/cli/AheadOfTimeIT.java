package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the packaged program with the ahead-of-time caches of the build. */
class AheadOfTimeIT {
    @TempDir
    private Path directory;

    @Test
    void aShortCommandTakesItsClassesFromTheCache() throws Exception {
        Path loaded = directory.resolve("loaded");

        var run = GpuctlProcess.runWith("-Xlog:class+load:file=" + loaded, directory, "--version");

        assertThat(run.exitCode()).isZero();
        assertThat(Files.readAllLines(loaded))
                .anySatisfy(line -> assertThat(line).contains(" io.gpuctl.cli.Gpuctl ", "shared objects file"));
    }

    @Test
    void aCacheThatDoesNotFitIsIgnoredWithoutAWord() throws Exception {
        Path loaded = directory.resolve("loaded");

        var run =
                GpuctlProcess.runWith("-XX:-UseCompressedOops -Xlog:class+load:file=" + loaded, directory, "--version");

        assertThat(Files.readAllLines(loaded))
                .anySatisfy(line -> assertThat(line).contains(" io.gpuctl.cli.Gpuctl ", "cli-"));
        assertThat(run).isEqualTo(GpuctlProcess.run(directory, "--version"));
    }
}
