package io.gpuctl.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files and directories that only their owner may read and write: the log is the truth about a cluster, and a user who
 * can write to its files can change history. On a file system without POSIX permissions nothing is changed.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final FileAttribute<?>[] OWN_FILE = {ownerOnly("rw-------")};
    private static final FileAttribute<?>[] NO_ATTRIBUTES = {};

    private PrivateFiles() {}

    /**
     * Creates a directory and its missing parents, with mode 0700. An existing directory is closed to other users,
     * unless all users may write to it (such as {@code /tmp}), which is never done by mistake.
     */
    public static void createDirectory(Path directory) throws IOException {
        if (!isPosix(directory)) {
            Files.createDirectories(directory);
            return;
        }
        Files.createDirectories(directory, ownerOnly("rwx------"));
        if (!permissions(directory).contains(PosixFilePermission.OTHERS_WRITE)) {
            close(directory);
        }
    }

    /**
     * Creates a directory like {@link #createDirectory}, and closes its contents, which an older version may have left
     * open to other users.
     */
    public static void createTree(Path directory) throws IOException {
        boolean wasOpen = Files.isDirectory(directory) && isPosix(directory) && !isClosed(directory);
        createDirectory(directory);
        if (wasOpen) {
            Files.walkFileTree(directory, new Closing());
        }
    }

    /**
     * Opens a file for reading and writing, and creates it with mode 0600 if absent. A file that an older version left
     * open is closed to other users. Fails if the path is a link.
     */
    public static FileChannel open(Path file) throws IOException {
        boolean isPosix = isPosix(file);
        Set<OpenOption> options = Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        var channel = FileChannel.open(file, options, isPosix ? OWN_FILE : NO_ATTRIBUTES);
        if (isPosix) {
            close(file);
        }
        return channel;
    }

    /** Replaces a file's content, with mode 0600. After a crash, the content is either the old or the new one. */
    public static void write(Path file, String content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(next, options, isPosix(file) ? OWN_FILE : NO_ATTRIBUTES)) {
            var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<Set<PosixFilePermission>> ownerOnly(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /** Returns whether the file system of the nearest existing parent supports POSIX permissions. */
    private static boolean isPosix(Path path) {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).supportsFileAttributeView(PosixFileAttributeView.class);
        } catch (IOException e) {
            // In a chroot that is not a mount point, Java does not find the file store.
            return existing.getFileSystem().supportedFileAttributeViews().contains("posix");
        }
    }

    private static Set<PosixFilePermission> permissions(Path path) throws IOException {
        return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isClosed(Path path) throws IOException {
        return OWNER.containsAll(Files.getPosixFilePermissions(path));
    }

    /** Removes the permissions of other users. */
    private static void close(Path path) throws IOException {
        if (!isClosed(path)) {
            Set<PosixFilePermission> left = EnumSet.copyOf(OWNER);
            left.retainAll(Files.getPosixFilePermissions(path));
            Files.setPosixFilePermissions(path, left);
        }
    }

    private static final class Closing extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            close(directory);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile()) {
                close(file);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
