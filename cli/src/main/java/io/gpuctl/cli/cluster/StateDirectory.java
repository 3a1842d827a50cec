package io.gpuctl.cli.cluster;

import io.gpuctl.broker.PrivateFiles;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.telemetry.runtime.LocalState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/**
 * The directory where Kafka Streams keeps its stores between two starts: a cache of the log.
 *
 * <p>With exactly-once, Streams cannot use the stores of a killed process, but finds that out late: each task is
 * opened, found corrupt (with stack traces), wiped and opened again. So the stores are removed at the start if the last
 * end was not clean. The id that Streams gave itself is kept: a restart under the same id ends the open transaction at
 * once, for which all readers would otherwise wait until it times out.
 */
record StateDirectory(Path path) implements Service {

    private static final String CLEAN_MARK = "closed-cleanly";

    /** Opens the directory. Until it is closed, the directory counts as unclean. */
    static StateDirectory open(Path path) {
        try {
            if (!Files.deleteIfExists(path.resolve(CLEAN_MARK))) {
                LocalState.removeStores(path);
            }
            PrivateFiles.createTree(path);
            Utils.flushDir(path); // Without this, a power cut could bring the mark back.
            return new StateDirectory(path);
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The state in %s cannot be used: %s".formatted(path, FileFailure.reason(e)), e);
        }
    }

    Path of(String service) {
        return path.resolve(service);
    }

    @Override
    public String name() {
        return "state directory";
    }

    /** Reports a disk that is nearly full. */
    @Override
    public Optional<Throwable> failure() {
        return DiskSpace.shortage(path).map(shortage -> shortage);
    }

    /** Must be called when no service uses the stores any more. */
    @Override
    public void close() {
        try {
            Files.createFile(path.resolve(CLEAN_MARK));
        } catch (IOException _) {
            // Without the mark, the next start rebuilds the stores, which takes a little longer.
        }
    }
}
