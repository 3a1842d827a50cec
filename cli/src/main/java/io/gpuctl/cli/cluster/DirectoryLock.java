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
 * Keeps a directory for this process, and says who has it otherwise. The operating system frees it when the process
 * ends, however it ends.
 */
public final class DirectoryLock implements AutoCloseable {

    private static final String FILE = "gpuctl.lock";

    private static final int PID_DIGITS_MAX = 20;

    private final FileChannel file;

    private DirectoryLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes the directory, which is created where it is absent.
     *
     * @param option the command line option by which another directory is chosen
     * @throws CommandFailedException if another process has it, or it cannot be written
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

    /** The file is overwritten: a link, or what another program has there, must not be. */
    private static void requireOurs(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean isOurs = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && Files.size(path) <= PID_DIGITS_MAX
                && Files.readString(path, StandardCharsets.ISO_8859_1).matches("[0-9]*\\s*");
        if (!isOurs) {
            throw new CommandFailedException(
                    "%s is a link, or no lock of gpuctl, and would be overwritten: remove it".formatted(path));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    /** The holder writes its id just after it has the lock: a reader may come too early to see it. */
    private static String holder(Path path) throws IOException {
        String pid = Files.readString(path, StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "" : " (process " + pid + ")";
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException _) {
            // Nothing is left to be written, and the lock goes with the process at the latest.
        }
    }
}
