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

/** The text of a workload file, with the words for what is wrong with it. */
final class TraceText implements Closeable {

    /** Of {@link #begin}, in characters. */
    static final int BEGIN_MAX = 8_192;

    private final Path file;
    private final TextFile text;
    private final BadRows badRows;

    private TraceText(Path file, TextFile text, BadRows badRows) {
        this.file = file;
        this.text = text;
        this.badRows = badRows;
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
    static <T> T read(Path file, BadRows badRows, Reading<T> reading) throws IOException, WorkloadFormatException {
        if (Files.isDirectory(file)) {
            throw new WorkloadFormatException(file, "is a directory, but must be a file");
        }
        try (var text = new TraceText(file, TextFile.open(file), badRows)) {
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

    Path file() {
        return file;
    }

    /** The name of the file, without what tells that it is compressed. */
    String name() {
        return String.valueOf(file.getFileName()).replaceFirst("\\.gz$", "");
    }

    /** Its beginning, in which every format has shown itself. It is read again after this. */
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

    /** From the start of the text, or where it was read to. */
    BufferedReader reader() {
        return text.reader();
    }

    /** Lines may be of any length from here on: for a reader that has a limit of its own. */
    void endLineLimit() {
        text.endLineLimit();
    }

    /** Takes the rows that cannot be read. */
    BadRows badRows() {
        return badRows;
    }

    /** Of this file, empty. */
    ArrivalList arrivals() {
        return new ArrivalList(file, badRows);
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
