package io.gpuctl.experiments.result.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.SampleRuns;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {

    private static final List<RunResult> RUNS = SampleRuns.experiment(1, 20);

    @TempDir
    private Path directory;

    private RunStore store;

    @BeforeEach
    void open() throws IOException {
        store = RunStore.open(directory, "v1");
    }

    @Test
    void readsBackWhatWasSaved() throws IOException {
        for (RunResult run : RUNS) {
            store.save(run);
        }

        RunStore reopened = RunStore.open(directory, "v1");
        for (RunResult run : RUNS) {
            assertThat(reopened.contains(run.key())).isTrue();
            assertThat(reopened.find(run.key())).contains(run);
        }
    }

    @Test
    void aRunThatIsNotFinishedIsNotThere() throws IOException {
        RunResult run = RUNS.getFirst();
        Path file = store.file(run.key());
        Files.writeString(file.resolveSibling(file.getFileName() + ".part"), "killed in the middl");

        assertThat(store.contains(run.key())).isFalse();
        assertThat(store.find(run.key())).isEmpty();

        store.save(run);
        assertThat(store.find(run.key())).contains(run);
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFailureLeavesTheRunThatWasThere() throws IOException {
        Path file = directory.resolve("kept");
        AtomicFile.write(file, path -> Files.writeString(path, "old"));

        assertThatThrownBy(() -> AtomicFile.write(file, path -> {
                    Files.writeString(path, "ne");
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");

        assertThat(file).hasContent("old");
    }

    @Test
    void runsOfAnotherExperimentAreNotMixedIn() throws IOException {
        RunResult run = RUNS.getFirst();
        store.save(run);

        RunStore changed = RunStore.open(directory, "v2");

        assertThat(changed.contains(run.key())).isFalse();
        assertThat(changed.find(run.key())).isEmpty();
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        RunResult run = RUNS.getFirst();
        store.save(run);
        Path file = store.file(run.key());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));

        assertThatThrownBy(() -> store.find(run.key()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("delete it");
    }

    @Test
    void namesAreSafeAndDistinct() {
        var slash = new RunKey("e", "../a/b c", "P", new BigDecimal("1.30"), 1);
        var dash = new RunKey("e", "..-a-b-c", "P", new BigDecimal("1.3"), 1);

        assertThat(store.file(slash).getFileName().toString())
                .matches("\\.\\.-a-b-c_P_1\\.3_1-[0-9a-f]{12}\\.json\\.gz");
        assertThat(store.file(slash)).isNotEqualTo(store.file(dash));
        assertThat(store.file(dash)).isEqualTo(store.file(new RunKey("e", "..-a-b-c", "P", new BigDecimal("1.30"), 1)));
    }
}
