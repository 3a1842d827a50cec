package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks the free space on the disk of a directory. Services that write there stop in order before the disk is full: on
 * a full disk Kafka halts the process, and a write to a memory-mapped file without space crashes it.
 */
final class DiskSpace {

    /** Several seconds of a busy cluster's log: enough to stop in order. */
    private static final long RUN_MIB_MIN = 32;

    /** A start with less space would soon end again. */
    private static final long START_MIB_MIN = 2 * RUN_MIB_MIN;

    private DiskSpace() {}

    /**
     * Must be called before anything is written to the directory, which need not exist yet.
     *
     * @throws CommandFailedException if there is too little space to start
     */
    static void requireToStart(Path directory) {
        shortage(directory, START_MIB_MIN).ifPresent(shortage -> {
            throw shortage;
        });
    }

    /** Returns why a service that writes to the directory must stop; empty if there is enough space. */
    static Optional<CommandFailedException> shortage(Path directory) {
        return shortage(directory, RUN_MIB_MIN);
    }

    private static Optional<CommandFailedException> shortage(Path directory, long mibMin) {
        long mib = existing(directory).toFile().getUsableSpace() >> 20;
        return mib >= mibMin
                ? Optional.empty()
                : Optional.of(new CommandFailedException(
                        "The disk of %s is full: %d MiB are free, but at least %d are needed. Free some space and restart: all acknowledged data is kept."
                                .formatted(directory, mib, mibMin)));
    }

    private static Path existing(Path directory) {
        Path path = directory.toAbsolutePath();
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }
}
