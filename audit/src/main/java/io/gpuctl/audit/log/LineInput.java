package io.gpuctl.audit.log;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The lines of a compressed file, as bytes. */
final class LineInput implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Path file;
    private final InputStream bytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private long lineNumber;

    LineInput(Path file) {
        this.file = file;
        try {
            bytes = open(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream compressed = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        try {
            return new GZIPInputStream(compressed, BUFFER_BYTES);
        } catch (IOException e) {
            compressed.close();
            throw e;
        }
    }

    /** Returns the number of the last line read, from 1; 0 before the first. */
    long lineNumber() {
        return lineNumber;
    }

    /** Returns the next line without its line end; null after the last line. */
    byte @Nullable [] next() {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        while (true) {
            if (position == limit && !fill()) {
                if (line.size() > 0) {
                    throw new EventLogException(
                            file, lineNumber + 1, "expected a line end, but the file ends: the file was truncated");
                }
                return null;
            }
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            line.write(buffer, position, end - position);
            position = Math.min(end + 1, limit);
            if (end < limit) {
                lineNumber++;
                return line.toByteArray();
            }
            if (line.size() > RecordLine.BYTES_MAX) {
                throw new EventLogException(
                        file, lineNumber + 1, "expected at most %,d bytes in a line".formatted(RecordLine.BYTES_MAX));
            }
        }
    }

    private boolean fill() {
        try {
            limit = Math.max(0, bytes.read(buffer));
            position = 0;
            return limit > 0;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private EventLogException unreadable(IOException e) {
        String problem = switch (e) {
            case EOFException _ -> "the compressed data ends too early: the file was truncated";
            case ZipException _ -> "not gzip data: " + e.getMessage();
            default -> "cannot be read: " + e;
        };
        return new EventLogException(file, lineNumber + 1, problem, e);
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException _) {
            // Nothing was written.
        }
    }
}
