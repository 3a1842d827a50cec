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
 * Where Kafka Streams keeps its stores from one start to the next: a cache of what stands in the log.
 *
 * <p>With exactly-once, Streams cannot use the stores of a process that was killed, but finds that out late: each task is
 * opened, found corrupt (with stack traces), wiped and opened again. So the stores of an unclean end are removed first.
 * What stays is the id that Streams has given itself: under the same id it ends at once the transaction that was open
 * then, for which everybody would wait until it times out.
 */
record StateDirectory(Path path) implements Service {

    private static final String CLEAN_MARK = "closed-cleanly";

    /** Takes the directory into use. Until it is closed it counts as unclean. */
    static StateDirectory open(Path path) {
        try {
            if (!Files.deleteIfExists(path.resolve(CLEAN_MARK))) {
                LocalState.removeStores(path);
            }
            PrivateFiles.createTree(path);
            Utils.flushDir(path); // Or the mark could be back after a power cut.
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

    /** A disk that is nearly full. */
    @Override
    public Optional<Throwable> failure() {
        return DiskSpace.shortage(path).map(shortage -> shortage);
    }

    /** To be called when nobody uses the stores any more. */
    @Override
    public void close() {
        try {
            Files.createFile(path.resolve(CLEAN_MARK));
        } catch (IOException _) {
            // Then the next start rebuilds the stores, which takes a little longer.
        }
    }
}
