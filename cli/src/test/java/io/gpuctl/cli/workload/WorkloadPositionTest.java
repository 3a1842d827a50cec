package io.gpuctl.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadPositionTest {

    @TempDir
    private Path directory;

    private Path workload;

    @BeforeEach
    void writeWorkload() throws IOException {
        workload = Files.writeString(directory.resolve("pods.csv"), "one");
    }

    @Test
    void goesOnWhereItWas() throws IOException {
        WorkloadPosition.open(directory, workload, 0).save(5_000);

        assertThat(WorkloadPosition.open(directory, workload, 0).startMs()).isEqualTo(5_000);
    }

    @Test
    void keepsTheTimeThatItBeganWith() throws IOException {
        WorkloadPosition.open(directory, workload, 7_000).save(5_000);

        var position = WorkloadPosition.open(directory, workload, 0);

        assertThat(position.offsetMs()).isEqualTo(7_000);
        assertThat(position.startMs()).isEqualTo(5_000);
    }

    /** A run of an older version continues as it began: its position counts from the file's time 0. */
    @Test
    void goesOnWithARunThatKeptItsOffset() throws IOException {
        WorkloadPosition.open(directory, workload, 0);
        Path file = directory.resolve("workload.json");
        Files.writeString(file, Files.readString(file).replace("\"offset_ms\": 0, ", ""));

        assertThat(WorkloadPosition.open(directory, workload, 7_000).offsetMs()).isZero();
    }

    @Test
    void refusesToMixTwoWorkloads() throws IOException {
        WorkloadPosition.open(directory, workload, 0);
        Path other = Files.writeString(directory.resolve("other.csv"), "two");

        assertThatThrownBy(() -> WorkloadPosition.open(directory, other, 0))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("another workload")
                .hasMessageContaining("--data");
    }
}
