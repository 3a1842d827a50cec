package io.gpuctl.audit.log;

import io.gpuctl.events.input.FileFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes an event log. The directory appears only when the log is complete: until then the files are in a directory
 * next to it, whose name ends in {@code .partial}.
 */
public final class EventLogWriter implements AutoCloseable {
    private final Path directory;
    private final Path partial;
    private boolean finished;

    private EventLogWriter(Path directory, Path partial) {
        this.directory = directory;
        this.partial = partial;
    }

    /**
     * Starts a log.
     *
     * @param directory must be absent or empty
     * @throws EventLogException if the directory is not absent or empty, or cannot be written
     */
    public static EventLogWriter create(Path directory) {
        Path target = directory.toAbsolutePath().normalize();
        requireFree(directory, target);
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        try {
            Files.createDirectories(partial.getParent());
            Files.createDirectory(partial);
        } catch (FileAlreadyExistsException e) {
            throw new EventLogException(
                    partial,
                    "is left from an interrupted export, or an export is running. Remove it if none is running",
                    e);
        } catch (IOException e) {
            throw new EventLogException(partial, "cannot be created: " + e, e);
        }
        return new EventLogWriter(target, partial);
    }

    private static void requireFree(Path given, Path target) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(target)) {
            if (files.iterator().hasNext()) {
                throw new EventLogException(
                        given, "is not empty. Export into a directory that is absent or empty: nothing is overwritten");
            }
        } catch (NoSuchFileException _) {
            // The directory is absent, as expected.
        } catch (NotDirectoryException e) {
            throw new EventLogException(given, "is a file, but must be a directory, or absent", e);
        } catch (IOException e) {
            throw new EventLogException(given, "cannot be used: " + e, e);
        }
    }

    /** Starts the file of a partition, which must be finished before the log. */
    public PartitionFileWriter partition(String topic, int partition) {
        return new PartitionFileWriter(partial, topic, partition);
    }

    /** Completes the log: moves it to its directory. */
    public void finish(LogManifest manifest) {
        manifest.write(partial);
        try {
            Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new EventLogException(
                    directory, "cannot be created from %s: %s".formatted(partial, FileFailure.reason(e)), e);
        }
        finished = true;
    }

    /** Removes the files if the log was not finished. */
    @Override
    public void close() {
        if (finished) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partial)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(partial);
        } catch (IOException _) {
            // The next export reports the directory, and says what to do.
        }
    }
}
