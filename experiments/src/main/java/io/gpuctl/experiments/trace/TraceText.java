package io.gpuctl.experiments.trace;

import io.gpuctl.events.input.BoundedText;
import io.gpuctl.events.input.TextFile;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** The text of a workload file. Reports failures to read the file as {@link WorkloadFormatException}. */
final class TraceText implements Closeable {

    /** Maximum length of {@link #begin}, in characters. */
    static final int BEGIN_MAX = 8_192;

    private final Path file;
    private final TextFile text;
    private final BadRows badRows;

    private TraceText(Path file, TextFile text, BadRows badRows) {
        this.file = file;
        this.text = text;
        this.badRows = badRows;
    }

    /** Makes a result from a text. */
    interface Reading<T> {
        T of(TraceText text) throws IOException, WorkloadFormatException;
    }

    /**
     * Opens the file, reads it, and closes it.
     *
     * @throws WorkloadFormatException if the file does not exist or is no text, or if the reading throws it
     */
    static <T> T read(Path file, BadRows badRows, Reading<T> reading) throws IOException, WorkloadFormatException {
        if (Files.isDirectory(file)) {
            throw new WorkloadFormatException(file, "is a directory, but must be a file");
        }
        try (var text = new TraceText(file, TextFile.open(file), badRows)) {
            return reading.of(text);
        } catch (NoSuchFileException _) {
            throw new WorkloadFormatException(file, "the file does not exist");
        } catch (CharacterCodingException _) {
            throw new WorkloadFormatException(file, "is not UTF-8 text");
        } catch (BoundedText.TooLongException e) {
            throw new WorkloadFormatException(file, e.line(), String.valueOf(e.getMessage()));
        } catch (ZipException | EOFException e) {
            throw new WorkloadFormatException(file, "its gzip data is damaged or truncated: " + e.getMessage());
        }
    }

    Path file() {
        return file;
    }

    /** Returns the name of the file, without {@code .gz}. */
    String name() {
        return String.valueOf(file.getFileName()).replaceFirst("\\.gz$", "");
    }

    /**
     * Returns the beginning of the text, which is long enough to detect any format. Does not move the text's position.
     */
    String begin() throws IOException {
        char[] begin = new char[BEGIN_MAX];
        reader().mark(BEGIN_MAX);
        int length = 0;
        for (int read = 0; read >= 0 && length < BEGIN_MAX; length += Math.max(0, read)) {
            read = reader().read(begin, length, BEGIN_MAX - length);
        }
        reader().reset();
        return new String(begin, 0, length);
    }

    /** Returns the reader at the current position of the text. */
    BufferedReader reader() {
        return text.reader();
    }

    /** Removes the limit on the length of lines, for a reader that has its own limit. */
    void endLineLimit() {
        text.endLineLimit();
    }

    /** Returns the collector of rows that cannot be read. */
    BadRows badRows() {
        return badRows;
    }

    /** Returns a new empty list of arrivals for this file. */
    ArrivalList arrivals() {
        return new ArrivalList(file, badRows);
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
