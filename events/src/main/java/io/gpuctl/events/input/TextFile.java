package io.gpuctl.events.input;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A text file in UTF-8, which may be gzip-compressed. The first bytes, not the file's name, say whether it is
 * compressed.
 */
public final class TextFile implements Closeable {
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final BoundedText bounded;
    private final BufferedReader reader;

    private TextFile(BoundedText bounded) {
        this.bounded = bounded;
        this.reader = new BufferedReader(bounded);
    }

    /**
     * Opens the file and skips its byte order mark, if it has one.
     *
     * @throws IOException if the file cannot be opened. Reading throws
     *     {@link java.nio.charset.CharacterCodingException} for bytes that are not UTF-8, and
     *     {@link BoundedText.TooLongException} for a line that is too long
     */
    public static TextFile open(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
        try {
            InputStream plain = isCompressed(bytes) ? new GZIPInputStream(bytes) : bytes;
            var text =
                    new TextFile(BoundedText.lines(new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder())));
            text.skipByteOrderMark();
            return text;
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

    private void skipByteOrderMark() throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }

    /** Returns the text from the current position on. */
    public BufferedReader reader() {
        return reader;
    }

    /** Removes the limit on lines from here on: for a caller that has its own limit. */
    public void endLineLimit() {
        bounded.endLineLimit();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
