package io.gpuctl.experiments.trace;

import java.util.ArrayList;
import java.util.List;

/** What becomes of rows that cannot be read: the first ends the reading, or all are counted and passed over. */
final class BadRows {

    /** More messages than this say nothing new. */
    private static final int MESSAGES_MAX = 10;

    private final boolean skip;
    private final List<String> first = new ArrayList<>();
    private long rows;

    BadRows(boolean skip) {
        this.skip = skip;
    }

    /** A row that cannot be read, and why; throws it unless bad rows are skipped. */
    void add(WorkloadFormatException problem) throws WorkloadFormatException {
        if (!skip) {
            throw problem;
        }
        rows++;
        if (first.size() < MESSAGES_MAX) {
            first.add(problem.inFile());
        }
    }

    long rows() {
        return rows;
    }

    /** Why the first ones cannot be read, with their lines. */
    List<String> first() {
        return first;
    }
}
