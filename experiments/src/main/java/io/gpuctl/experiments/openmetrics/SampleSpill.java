package io.gpuctl.experiments.openmetrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Samples in the order in which they were added, in a temporary file that is deleted with the process. */
final class SampleSpill implements AutoCloseable {
    /** A sample takes 20 bytes, so the file has at most 4 GB. */
    static final long SAMPLES_MAX = 200_000_000;

    private static final int SAMPLE_BYTES = Integer.BYTES + Long.BYTES + Double.BYTES;
    private static final int SAMPLES_AT_ONCE = 1 << 16;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SAMPLE_BYTES * SAMPLES_AT_ONCE);
    private long samples;

    /** Takes samples one by one. */
    interface Visitor {
        void visit(int series, long atMs, double value);
    }

    /** Creates the temporary file in the folder of the result, which needs room for the result anyway. */
    SampleSpill(Path folder) throws IOException {
        // The file is deleted at once on Unix, and on close elsewhere.
        file = FileChannel.open(
                Files.createTempFile(folder, ".samples", ".part"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    void add(int series, long atMs, double value) throws IOException {
        if (samples == SAMPLES_MAX) {
            throw new TooManySamplesException(SAMPLES_MAX);
        }
        samples++;
        buffer.putInt(series).putLong(atMs).putDouble(value);
        if (!buffer.hasRemaining()) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        buffer.clear();
    }

    /** Visits all samples, in their order. */
    void forEach(Visitor visitor) throws IOException {
        flush();
        long position = 0;
        while (position < file.size()) {
            buffer.clear();
            while (buffer.hasRemaining() && position + buffer.position() < file.size()) {
                file.read(buffer, position + buffer.position());
            }
            position += buffer.position();
            buffer.flip();
            while (buffer.hasRemaining()) {
                visitor.visit(buffer.getInt(), buffer.getLong(), buffer.getDouble());
            }
        }
        buffer.clear();
        file.position(file.size());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
