package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.StubApi.Answer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program in a shell's pipes. */
class OutputIT {

    @TempDir
    private Path directory;

    @Test
    @Timeout(60)
    void aWatchEndsWithItsReaderThoughNothingChanges() throws IOException, InterruptedException {
        try (var api = new StubApi()) {
            api.on("GET /tasks?limit=1000", Answer.of(200, "{\"tasks\":[]}"));

            var run = shell("$GPUCTL get tasks --watch --server " + api.address() + " | head -n 1");

            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).startsWith("ID ").hasLineCount(1);
        }
    }

    @Test
    @Timeout(60)
    void aFullDeviceIsToldInALine() throws IOException, InterruptedException {
        var run = shell("$GPUCTL gpus > /dev/full");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).hasLineCount(1).contains("The output cannot be written: No space left on device");
    }

    /** The home directory is $HOME, like ~ in a shell, whatever the user database says. */
    @Test
    @Timeout(60)
    void theUsualDirectoryIsInTheHomeDirectory() throws IOException, InterruptedException {
        var run = shell("HOME='" + directory + "' $GPUCTL verify");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains(directory + "/.gpuctl contains no data of a cluster");
    }

    private CommandRun shell(String command) throws IOException, InterruptedException {
        return GpuctlProcess.shell(directory, command);
    }
}
