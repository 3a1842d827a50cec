package io.gpuctl.telemetry.runtime;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The directory of Kafka Streams' stores, which are a cache of their changelogs. */
public final class LocalState {
    /** Kafka Streams' id of each application. A restart with the same id ends open transactions of the last start. */
    private static final String PROCESS_ID_FILE = "kafka-streams-process-metadata";

    private LocalState() {}

    /**
     * Removes all stores below a directory, and keeps the ids of the applications. Does nothing if the directory is
     * absent. No application may be using it.
     *
     * @throws IOException if a file cannot be removed; others may be removed already
     */
    public static void removeStores(Path directory) throws IOException {
        if (Files.exists(directory)) {
            Files.walkFileTree(directory, new Removal());
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
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
                // The directory keeps an id.
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
