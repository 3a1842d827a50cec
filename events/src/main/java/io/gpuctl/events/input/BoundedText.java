package io.gpuctl.events.input;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Serial;

/**
 * A text of which no line, and perhaps not the whole, is longer than it may be. A few megabytes of gzip are gigabytes of
 * text, and whoever reads a line, a cell or a scalar of it keeps all of that in memory.
 */
public final class BoundedText extends FilterReader {
    /** 1 Mi characters: a line describes one task, node or job, in a few hundred. */
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

    /** As many lines as there are. */
    public static BoundedText lines(Reader text) {
        return new BoundedText(text, Long.MAX_VALUE);
    }

    /** Lines may be of any length from here on. */
    void endLineLimit() {
        hasLineLimit = false;
    }

    /** At most {@code lengthMax} characters. */
    public static Reader whole(Reader text, long lengthMax) {
        return new BoundedText(text, lengthMax);
    }

    /** More was there than may be. The message says how much, and in which line. */
    public static final class TooLongException extends IOException {

        @Serial
        private static final long serialVersionUID = 1L;

        private final long line;

        TooLongException(long line, String problem) {
            super(problem);
            this.line = line;
        }

        /** From 1. */
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
        return false; // What is read again would count twice.
    }
}
