package io.gpuctl.events.input;

import java.io.Serial;

/** A text is not CSV, or a row does not have the header's columns. The message does not name the line. */
public final class CsvException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int line;
    private final boolean isOfOneRow;

    CsvException(int line, String problem, boolean isOfOneRow) {
        super(problem);
        this.line = line;
        this.isOfOneRow = isOfOneRow;
    }

    /** Returns the number of the line, from 1. */
    public int line() {
        return line;
    }

    /** Returns whether the problem is limited to one row, so that the rows after it can still be read. */
    public boolean isOfOneRow() {
        return isOfOneRow;
    }
}
