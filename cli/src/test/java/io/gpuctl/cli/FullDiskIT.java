package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small disk, filled while a broker writes to it. Needs root: a file system is mounted. */
class FullDiskIT {
    private static final int MIB = 200;

    @TempDir
    private Path directory;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + MIB + "m", "none", disk.toString()) == 0,
                "Skipped: a file system cannot be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    @Test
    void aBrokerSaysWhyItEndsAndGoesOnWhenThereIsRoomAgain() throws Exception {
        Path filler = disk.resolve("filler");
        try (var broker = broker().awaitOutput("ready in")) {
            fill(filler);
            assertThat(broker.awaitExit()).as(broker.output()).isEqualTo(1);
            assertThat(lastLine(broker))
                    .startsWith("gpuctl: The disk of " + disk)
                    .contains("Free some space");
        }
        try (var broker = broker()) {
            assertThat(broker.awaitExit()).isEqualTo(1);
            assertThat(broker.output()).hasLineCount(1).startsWith("gpuctl: The disk of " + disk);
        }

        Files.delete(filler);

        try (var broker = broker().awaitOutput("ready in")) {
            broker.terminate();
            assertThat(broker.awaitExit()).as(broker.output()).isZero();
        }
    }

    private GpuctlProcess broker() throws IOException {
        return GpuctlProcess.start(
                Files.createTempFile(directory, "broker", ".out"),
                "run",
                "broker",
                "--data",
                disk.resolve("data").toString(),
                "--kafka-port",
                Integer.toString(GpuctlProcess.freePort()));
    }

    /** Fills the disk to the last byte. */
    private static void fill(Path file) throws IOException {
        try (var filler = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] piece = new byte[64 << 10];
            while (true) {
                filler.write(piece);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static String lastLine(GpuctlProcess process) throws IOException {
        return process.output().lines().reduce((_, next) -> next).orElse("");
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException _) {
            return -1;
        }
    }
}
