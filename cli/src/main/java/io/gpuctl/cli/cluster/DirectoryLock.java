package io.gpuctl.cli.cluster;

import io.gpuctl.broker.PrivateFiles;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.input.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Locks a directory for this process, or reports which process holds the lock. The operating system releases the lock
 * when the process ends for any reason.
 */
public final class DirectoryLock implements AutoCloseable {

    private static final String FILE = "gpuctl.lock";

    private static final int PID_DIGITS_MAX = 20;

    private final FileChannel file;

    private DirectoryLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Locks the directory; creates it if it does not exist.
     *
     * @param option the command line option that chooses another directory
     * @throws CommandFailedException if another process holds the lock, or the directory cannot be written
     */
    public static DirectoryLock take(Path directory, String option) {
        try {
            PrivateFiles.createDirectory(directory);
            Path path = directory.resolve(FILE);
            requireOurs(path);
            FileChannel file = PrivateFiles.open(path);
            if (tryLock(file) == null) {
                file.close();
                throw new CommandFailedException(
                        "%s is in use by another gpuctl%s. Stop that one, or choose another directory with %s."
                                .formatted(directory, holder(path), option));
            }
            file.truncate(0);
            file.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DirectoryLock(file);
        } catch (IOException e) {
            throw new CommandFailedException(
                    "%s cannot be used: %s. Choose a directory that you may write to, with %s."
                            .formatted(directory, FileFailure.reason(e), option),
                    e);
        }
    }

    /** Refuses a link or a file of another program, since the lock file is overwritten. */
    private static void requireOurs(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean isOurs = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && Files.size(path) <= PID_DIGITS_MAX
                && Files.readString(path, StandardCharsets.ISO_8859_1).matches("[0-9]*\\s*");
        if (!isOurs) {
            throw new CommandFailedException(
                    "%s is a link, or not a lock file of gpuctl, and would be overwritten: remove it".formatted(path));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    /** The holder writes its process id just after it takes the lock, so the file may still be empty. */
    private static String holder(Path path) throws IOException {
        String pid = Files.readString(path, StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "" : " (process " + pid + ")";
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException _) {
            // Nothing is left to be written, and the lock is released when the process ends at the latest.
        }
    }
}
