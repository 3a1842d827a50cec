package io.gpuctl.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

    @TempDir
    private Path directory;

    private Path storeOf(StateDirectory state) throws IOException {
        Files.createDirectories(state.of("views"));
        return Files.writeString(state.of("views").resolve("store"), "x");
    }

    @Test
    void keepsTheStoresOfACleanEnd() throws IOException {
        var state = StateDirectory.open(directory.resolve("state"));
        Path store = storeOf(state);
        state.close();

        StateDirectory.open(directory.resolve("state"));

        assertThat(store).exists();
    }

    @Test
    void removesTheStoresOfAKilledProcessButNotItsId() throws IOException {
        var killed = StateDirectory.open(directory.resolve("state"));
        Path store = storeOf(killed);
        Path id = Files.writeString(killed.of("views").resolve("kafka-streams-process-metadata"), "{}");
        Path other = Files.createDirectories(killed.of("orchestrator").resolve("0_1"));

        StateDirectory.open(directory.resolve("state"));

        assertThat(store).doesNotExist();
        assertThat(other).doesNotExist();
        assertThat(id).hasContent("{}");
    }
}
