package io.gpuctl.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system in a file, which holds the data that has reached the "disk". A test that needs it is skipped if it
 * cannot be mounted: that takes Linux, root, and loop devices.
 *
 * @param mounted the mount point, which is empty after {@link #close}
 */
record LoopDisk(Path file, Path mounted) implements AutoCloseable {
    private static final int MIB = 256;

    /** Creates an empty file system and mounts it. */
    static LoopDisk create(Path file, Path mounted) throws IOException, InterruptedException {
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((long) MIB << 20);
        }
        assumeDone("mkfs.ext4", "-q", "-F", file.toString());
        return mount(file, mounted);
    }

    static LoopDisk mount(Path file, Path mounted) throws IOException, InterruptedException {
        Files.createDirectories(mounted);
        assumeDone("mount", "-o", "loop", file.toString(), mounted.toString());
        return new LoopDisk(file, mounted);
    }

    /** Copies the present contents of the disk. */
    void copyTo(Path copy) throws IOException, InterruptedException {
        assertThat(run("cp", "--sparse=always", file.toString(), copy.toString()))
                .isEmpty();
    }

    @Override
    public void close() throws IOException {
        try {
            // Lazily: the JVM releases mapped files only when their buffers are collected.
            assertThat(run("umount", "-l", mounted.toString())).isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(mounted + " is still mounted", e);
        }
    }

    private static void assumeDone(String... command) throws IOException, InterruptedException {
        String complaint = run(command);
        assumeTrue(complaint.isEmpty(), () -> "Skipped, as no file system can be mounted here: " + complaint);
    }

    /** Returns the command's error output; empty if the command succeeded. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return code == 0
                ? ""
                : "%s: %s".formatted(String.join(" ", command), output.isEmpty() ? "exit " + code : output);
    }
}
