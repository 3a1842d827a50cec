package io.gpuctl.experiments.trace;

import io.gpuctl.events.input.BoundedText;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The text of a workload file: UTF-8, gzip-compressed or not, as its first bytes say and not its name. */
final class TraceText implements Closeable {

    private static final int GZIP_MAGIC = 0x1f8b;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** In so many characters the first line of each format has shown itself. */
    private static final int BEGIN_MAX = 8_192;

    private final Path file;
    private final BufferedReader reader;

    private TraceText(Path file, BufferedReader reader) {
        this.file = file;
        this.reader = reader;
    }

    /** What is made of a text. */
    interface Reading<T> {
        T of(TraceText text) throws IOException, WorkloadFormatException;
    }

    /**
     * Opens the file, reads it, and closes it.
     *
     * @throws WorkloadFormatException if there is no such file, or it is no text, or the reading says so
     */
    static <T> T read(Path file, Reading<T> reading) throws IOException, WorkloadFormatException {
        if (Files.isDirectory(file)) {
            throw new WorkloadFormatException(file, "is a directory, but must be a file");
        }
        try (var text = open(file)) {
            return reading.of(text);
        } catch (NoSuchFileException _) {
            throw new WorkloadFormatException(file, "there is no such file");
        } catch (CharacterCodingException _) {
            throw new WorkloadFormatException(file, "is not UTF-8 text");
        } catch (BoundedText.TooLongException e) {
            throw new WorkloadFormatException(file, e.line(), String.valueOf(e.getMessage()));
        } catch (ZipException | EOFException e) {
            throw new WorkloadFormatException(file, "its gzip data is damaged or not whole: " + e.getMessage());
        }
    }

    private static TraceText open(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
        try {
            InputStream plain = isCompressed(bytes) ? new GZIPInputStream(bytes) : bytes;
            var reader = new BufferedReader(
                    BoundedText.lines(new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder())));
            skipByteOrderMark(reader);
            return new TraceText(file, reader);
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private static boolean isCompressed(InputStream bytes) throws IOException {
        bytes.mark(2);
        int begin = bytes.read() << 8 | bytes.read();
        bytes.reset();
        return begin == GZIP_MAGIC;
    }

    private static void skipByteOrderMark(BufferedReader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }

    Path file() {
        return file;
    }

    /** The name of the file, without what tells that it is compressed. */
    String name() {
        return String.valueOf(file.getFileName()).replaceFirst("\\.gz$", "");
    }

    /** The first line that is not blank, or its beginning; empty if there is none. It is read again after this. */
    String firstLine() throws IOException {
        char[] begin = new char[BEGIN_MAX];
        reader.mark(BEGIN_MAX);
        int length = 0;
        for (int read = 0; read >= 0 && length < BEGIN_MAX; length += Math.max(0, read)) {
            read = reader.read(begin, length, BEGIN_MAX - length);
        }
        reader.reset();
        return new String(begin, 0, length)
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("");
    }

    /** From the start of the text, or where it was read to. */
    BufferedReader reader() {
        return reader;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
