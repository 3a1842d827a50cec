package io.gpuctl.experiments.result.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file completely or not at all: writes a temporary file beside it, forces that to disk, and renames it. After
 * a power cut, either the old file or the new one exists.
 */
public final class AtomicFile {

    /** The suffix of the temporary file. The next write deletes a temporary file that a crash left. */
    private static final String SUFFIX = ".part";

    /** Writes the content to the given path. */
    public interface Content {
        void writeTo(Path path) throws IOException;
    }

    private AtomicFile() {}

    /** Writes the file, whose folder must exist. Only one thread at a time may write a file. */
    public static void write(Path file, Content content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + SUFFIX);
        // Do not write through a link, or into a file that a crash left.
        Files.deleteIfExists(part);
        part.toFile().deleteOnExit(); // For Ctrl-C; harmless if the file is already renamed.
        content.writeTo(part);
        force(part, StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceName(file);
    }

    /** Forces the file's name to disk. Windows cannot open folders, and does not need this. */
    private static void forceName(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null
                && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            force(folder, StandardOpenOption.READ);
        }
    }

    private static void force(Path path, StandardOpenOption access) throws IOException {
        try (FileChannel channel = FileChannel.open(path, access)) {
            channel.force(true);
        }
    }
}
