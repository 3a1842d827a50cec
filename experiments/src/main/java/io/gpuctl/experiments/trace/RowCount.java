package io.gpuctl.experiments.trace;

/** Counts rows while a file is read. */
final class RowCount {

    private long rows;

    void addIf(boolean counts) {
        if (counts) {
            rows++;
        }
    }

    long rows() {
        return rows;
    }
}
