package io.gpuctl.experiments.result.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file wholly or not at all: into another one beside it, which is forced to disk and then takes the name. A
 * power cut leaves the old file or the new one.
 */
public final class AtomicFile {

    /** Of the file that is being written; one that a crash left is deleted by the next try. */
    private static final String SUFFIX = ".part";

    /** Writes the content to the given path. */
    public interface Content {
        void writeTo(Path path) throws IOException;
    }

    private AtomicFile() {}

    /** The file's folder must exist. One thread at a time per file. */
    public static void write(Path file, Content content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + SUFFIX);
        // What a crash left, or a link that somebody put there, is not written through.
        Files.deleteIfExists(part);
        part.toFile().deleteOnExit(); // Ctrl-C; that it has its name by then is no matter.
        content.writeTo(part);
        force(part, StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceName(file);
    }

    /** Windows does not open folders, and needs no forcing of names. */
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
