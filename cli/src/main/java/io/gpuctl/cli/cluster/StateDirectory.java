package io.gpuctl.cli.cluster;

import io.gpuctl.broker.PrivateFiles;
import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

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

    /** Of Kafka Streams, one for each application. */
    private static final String PROCESS_ID_FILE = "kafka-streams-process-metadata";

    /** Takes the directory into use. Until it is closed it counts as unclean. */
    static StateDirectory open(Path path) {
        try {
            if (!Files.deleteIfExists(path.resolve(CLEAN_MARK)) && Files.exists(path)) {
                Files.walkFileTree(path, new Deletion());
            }
            PrivateFiles.createTree(path);
            Utils.flushDir(path); // Or the mark could be back after a power cut.
            return new StateDirectory(path);
        } catch (IOException e) {
            throw new CommandFailedException("The state in %s cannot be used: %s".formatted(path, e), e);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!file.endsWith(PROCESS_ID_FILE)) {
                Files.delete(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            try {
                Files.delete(directory);
            } catch (DirectoryNotEmptyException _) {
                // It has an id.
            }
            return FileVisitResult.CONTINUE;
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
