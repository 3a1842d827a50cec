package io.gpuctl.experiments.trace;

/** Counts rows while they are handed over. */
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
