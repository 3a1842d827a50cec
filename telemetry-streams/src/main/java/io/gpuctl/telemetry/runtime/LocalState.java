package io.gpuctl.telemetry.runtime;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The directory in which Kafka Streams keeps the stores of its applications: a cache of their changelogs. */
public final class LocalState {
    /** Of Kafka Streams, one for each application: under the same id it ends what the last start has left open. */
    private static final String PROCESS_ID_FILE = "kafka-streams-process-metadata";

    private LocalState() {}

    /**
     * Removes all stores below a directory, and keeps the ids of the applications. Does nothing if it is absent. No
     * application may run on it.
     *
     * @throws IOException if something cannot be removed; the rest may be gone then
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
                // It has an id.
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
