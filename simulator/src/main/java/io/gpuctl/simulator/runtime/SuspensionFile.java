package io.gpuctl.simulator.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a simulator's nodes from an ordered stop to the next start. A file is used once: a simulator removes it before
 * resuming from it, so that a simulator that is killed later never resumes from it again.
 */
record SuspensionFile(Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(SuspensionFile.class);

    /** Only the owner may read the file: it holds the tokens of attempts. */
    private static final FileAttribute<?> OWNERS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private record Version(int version) {}

    /** Returns the state of the last ordered stop; empty if there is none, or if it cannot be used, which is logged. */
    Optional<Suspension> read() {
        byte[] content;
        try {
            content = Files.readAllBytes(path);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} cannot be read, so the nodes start anew: {}", path, e.toString());
            return Optional.empty();
        }
        try {
            int version = EventJson.mapper().readValue(content, Version.class).version();
            if (version != Suspension.VERSION) {
                LOG.warn(
                        "{} has version {}, but this program reads {}: the nodes start anew",
                        path,
                        version,
                        Suspension.VERSION);
                return Optional.empty();
            }
            return Optional.of(EventJson.mapper().readValue(content, Suspension.class));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} is damaged, so the nodes start anew: {}", path, firstLine(e));
            return Optional.empty();
        }
    }

    private static String firstLine(Exception e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.toString();
        return message.lines().findFirst().orElse("");
    }

    /** Writes the file atomically; it is on disk when this method returns. */
    void write(Suspension suspension) throws IOException {
        byte[] content = EventJson.mapper().writeValueAsBytes(suspension);
        Path partial = path.resolveSibling(path.getFileName() + ".partial");
        Files.deleteIfExists(partial);
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(partial, options, attributes(partial))) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory();
    }

    private static FileAttribute<?>[] attributes(Path file) {
        boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return isPosix ? new FileAttribute<?>[] {OWNERS_ALONE} : new FileAttribute<?>[0];
    }

    /** Removes the file; the removal is on disk when this method returns. */
    void remove() throws IOException {
        if (Files.deleteIfExists(path)) {
            forceDirectory();
        }
    }

    private void forceDirectory() throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
