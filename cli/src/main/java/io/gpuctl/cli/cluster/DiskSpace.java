package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The room that is left on the disk of a directory. Whoever writes there ends in order before it is used up: on a full disk
 * Kafka halts the process, and memory that is mapped to a file without room for it crashes it.
 */
final class DiskSpace {

    /** Several seconds of a busy cluster's log: enough to stop in order. */
    private static final long RUN_MIB_MIN = 32;

    /** A start that leaves no room to run would only end again. */
    private static final long START_MIB_MIN = 2 * RUN_MIB_MIN;

    private DiskSpace() {}

    /**
     * To be called before anything is written to the directory, which need not exist yet.
     *
     * @throws CommandFailedException if there is not enough for a start
     */
    static void requireToStart(Path directory) {
        shortage(directory, START_MIB_MIN).ifPresent(shortage -> {
            throw shortage;
        });
    }

    /** Why a service that writes to the directory must end, once it must. */
    static Optional<CommandFailedException> shortage(Path directory) {
        return shortage(directory, RUN_MIB_MIN);
    }

    private static Optional<CommandFailedException> shortage(Path directory, long mibMin) {
        long mib = existing(directory).toFile().getUsableSpace() >> 20;
        return mib >= mibMin
                ? Optional.empty()
                : Optional.of(new CommandFailedException(
                        "The disk of %s is full: %d MiB are free, but at least %d are needed. Free some space, and start again: all that was acknowledged is kept."
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
