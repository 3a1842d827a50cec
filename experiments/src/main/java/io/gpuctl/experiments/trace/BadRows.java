package io.gpuctl.experiments.trace;

import java.util.ArrayList;
import java.util.List;

/** Handles rows that cannot be read: throws at the first, or counts and skips them all. */
final class BadRows {

    /** The maximum number of messages: more would tell nothing new. */
    private static final int MESSAGES_MAX = 10;

    private final boolean skip;
    private final List<String> first = new ArrayList<>();
    private long rows;

    BadRows(boolean skip) {
        this.skip = skip;
    }

    /** Counts a row that cannot be read; throws the problem unless bad rows are skipped. */
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

    /** Returns why the first bad rows cannot be read, with their line numbers. */
    List<String> first() {
        return first;
    }
}
