package io.gpuctl.simulator.model;

/** Which attempts a node reports the progress and pace of, once a minute of each attempt's time. */
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
