package io.gpuctl.events.input;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Serial;

/**
 * A text with a limit on the length of each line, or of the whole text. A few megabytes of gzip can contain gigabytes
 * of text, and a reader of a line, a cell or a scalar keeps all of it in memory.
 */
public final class BoundedText extends FilterReader {
    /** 1 Mi characters: a line describes one task, node or job in a few hundred characters. */
    public static final int LINE_LENGTH_MAX = 1 << 20;

    private final long lengthMax;
    private boolean hasLineLimit = true;
    private long length;
    private long line = 1;
    private int lineLength;

    private BoundedText(Reader text, long lengthMax) {
        super(text);
        this.lengthMax = lengthMax;
    }

    /** Returns a text of any number of lines. */
    public static BoundedText lines(Reader text) {
        return new BoundedText(text, Long.MAX_VALUE);
    }

    /** Removes the limit on lines from here on. */
    void endLineLimit() {
        hasLineLimit = false;
    }

    /** Returns a text of at most {@code lengthMax} characters. */
    public static Reader whole(Reader text, long lengthMax) {
        return new BoundedText(text, lengthMax);
    }

    /** A line or the text is too long. The message names the limit. */
    public static final class TooLongException extends IOException {

        @Serial
        private static final long serialVersionUID = 1L;

        private final long line;

        TooLongException(long line, String problem) {
            super(problem);
            this.line = line;
        }

        /** Returns the number of the line, from 1. */
        public long line() {
            return line;
        }
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        if (c >= 0) {
            count((char) c);
        }
        return c;
    }

    @Override
    public int read(char[] buffer, int offset, int size) throws IOException {
        int read = super.read(buffer, offset, size);
        for (int i = 0; i < read; i++) {
            count(buffer[offset + i]);
        }
        return read;
    }

    private void count(char c) throws TooLongException {
        if (++length > lengthMax) {
            throw new TooLongException(line, "the text has more than %,d characters".formatted(lengthMax));
        }
        if (c == '\n') {
            line++;
            lineLength = 0;
        } else if (++lineLength > LINE_LENGTH_MAX && hasLineLimit) {
            throw new TooLongException(line, "the line has more than %,d characters".formatted(LINE_LENGTH_MAX));
        }
    }

    @Override
    public boolean markSupported() {
        return false; // Text that is read again would count twice.
    }
}
