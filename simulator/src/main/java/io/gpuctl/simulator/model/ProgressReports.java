package io.gpuctl.simulator.model;

/** When a node says how far its attempts are, and how fast they go: once a minute of each attempt's time. */
public enum ProgressReports {
    /** Never. */
    NEVER,
    /**
     * Of an attempt that was slower than the full clock in the minute before, or in the one before that: what is left out
     * says nothing to a scheduler that looks for slow nodes.
     */
    WHEN_SLOW;

    static final long PERIOD_MS = 60_000;
}
