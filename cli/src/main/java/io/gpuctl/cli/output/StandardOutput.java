package io.gpuctl.cli.output;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;

/**
 * The stdout of the process. A failed write ends the command with {@link OutputFailedException}: a {@link PrintWriter}
 * would hide the {@link IOException}, and the command would go on although nothing reads its output.
 */
public final class StandardOutput extends FilterOutputStream {

    private static final int STDOUT = 1;

    /** Flags of poll(2), the same on Linux and macOS: the reader has closed the pipe. */
    private static final int POLLERR_OR_POLLHUP = 0x18;

    private boolean hasFailed;

    public StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    public StandardOutput(OutputStream out) {
        super(out);
    }

    /** Returns a writer in the character set of the terminal. */
    public PrintWriter writer() {
        return new PrintWriter(this, true, System.out.charset());
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (hasFailed) {
            return; // Output still in a buffer: the failure is reported already.
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            hasFailed = true;
            throw new OutputFailedException(e);
        }
    }

    /**
     * Waits between two reads of the cluster. Without this check, a command that has nothing to write would never
     * notice that its reader is gone, and would run for ever.
     *
     * @throws OutputFailedException if the reader of this process's stdout is gone
     */
    public static void pause(Duration pause) throws InterruptedException {
        if (Poll.FUNCTION.isEmpty()) {
            Thread.sleep(pause);
            return;
        }
        if (Poll.isHungUp(Poll.FUNCTION.get(), Math.toIntExact(pause.toMillis()))) {
            throw new OutputFailedException(new IOException(OutputFailedException.BROKEN_PIPE));
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** {@code int poll(struct pollfd *fds, nfds_t nfds, int timeout)}, on systems that have it. */
    @SuppressWarnings("restricted") // The start script enables native access.
    private static final class Poll {
        private static final long POLLFD_BYTES = 8;
        private static final long EVENTS_RETURNED_OFFSET = 6;

        private static final Optional<MethodHandle> FUNCTION = Linker.nativeLinker()
                .defaultLookup()
                .find("poll")
                .map(address -> Linker.nativeLinker()
                        .downcallHandle(address, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)));

        /** Waits until the reader is gone, or until the timeout. */
        private static boolean isHungUp(MethodHandle poll, int timeoutMs) {
            try (var arena = Arena.ofConfined()) {
                MemorySegment stdout = arena.allocate(POLLFD_BYTES, JAVA_INT.byteAlignment());
                stdout.set(JAVA_INT, 0, STDOUT);
                // No events are requested: poll always reports errors.
                int ready = (int) poll.invokeExact(stdout, 1L, timeoutMs);
                return ready > 0 && (stdout.get(JAVA_SHORT, EVENTS_RETURNED_OFFSET) & POLLERR_OR_POLLHUP) != 0;
            } catch (Throwable e) {
                throw new IllegalStateException("poll(2) failed", e);
            }
        }
    }
}
