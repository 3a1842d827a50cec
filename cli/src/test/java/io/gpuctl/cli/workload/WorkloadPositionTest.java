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
        WorkloadPosition.open(directory, workload).save(5_000);

        assertThat(WorkloadPosition.open(directory, workload).startMs()).isEqualTo(5_000);
    }

    @Test
    void refusesToMixTwoWorkloads() throws IOException {
        WorkloadPosition.open(directory, workload);
        Path other = Files.writeString(directory.resolve("other.csv"), "two");

        assertThatThrownBy(() -> WorkloadPosition.open(directory, other))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("another workload")
                .hasMessageContaining("--data");
    }
}
