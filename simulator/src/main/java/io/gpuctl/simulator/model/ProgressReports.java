package io.gpuctl.simulator.model;

/** The attempts whose progress and pace a node reports, once a minute of each attempt's time. */
public enum ProgressReports {
    /** None. */
    NEVER,
    /**
     * Attempts that were slower than the full clock in the last minute or the minute before. A scheduler that looks for
     * slow nodes does not need the others.
     */
    WHEN_SLOW;

    static final long PERIOD_MS = 60_000;
}
