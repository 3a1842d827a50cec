package io.gpuctl.telemetry.runtime;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of stores that cannot be opened or read. They are a cache of the changelogs: they are removed, and rebuilt. */
final class StoreDamage {
    private static final Logger LOG = LoggerFactory.getLogger(StoreDamage.class);

    /** Of Kafka Streams: under the same id it ends what the last start has left open. */
    private static final String PROCESS_ID_FILE = "kafka-streams-process-metadata";

    private StoreDamage() {}

    static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProcessorStateException || cause instanceof RocksDBException) {
                return true;
            }
        }
        return false;
    }

    /** In one line: the innermost reason names the file. */
    static String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }

    /** Removes the stores of an app that does not run. */
    static void wipe(Path applicationDirectory, String reason) {
        LOG.warn(
                "The views' stores in {} are damaged, and are rebuilt from their changelogs: {}",
                applicationDirectory,
                reason);
        try {
            if (Files.exists(applicationDirectory)) {
                Files.walkFileTree(applicationDirectory, new Deletion(applicationDirectory));
            }
        } catch (IOException e) {
            throw new ProcessorStateException("The stores in %s cannot be removed".formatted(applicationDirectory), e);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        private final Path root;

        Deletion(Path root) {
            this.root = root;
        }

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
            if (!directory.equals(root)) {
                Files.delete(directory);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
