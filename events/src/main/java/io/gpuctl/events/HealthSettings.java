package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Rules that say when a node is cordoned automatically, and when it gets tasks again. Durations are in ms of cluster
 * time.
 *
 * @param stragglerPaceMilli a report of a lower pace, in thousandths of full clock, is a slow report
 * @param stragglerReports how many slow reports in a row cordon a node
 * @param retryAfterMs how long the first automatic cordon of a slow node lasts; doubles with each further automatic
 *     cordon of the node within {@code triesWindowMs}
 * @param triesMax how many automatic cordons within {@code triesWindowMs} end by themselves; after the next one the
 *     node stays cordoned until an operator uncordons it
 * @param triesWindowMs how long an automatic cordon is remembered
 * @param xidEdition the edition of {@link XidCatalogue} that decides what a GPU error means
 */
public record HealthSettings(
        int stragglerPaceMilli,
        int stragglerReports,
        long retryAfterMs,
        int triesMax,
        long triesWindowMs,
        // JSON omits the first edition.
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int xidEdition) {
    public static final HealthSettings DEFAULT =
            new HealthSettings(750, 3, 300_000, 3, 24 * 3_600_000, XidCatalogue.EDITION);

    /** The settings that apply to older records, which have no health settings. */
    public static final HealthSettings UNWRITTEN = DEFAULT.with(XidCatalogue.FIRST_EDITION);

    public HealthSettings {
        Check.inRange("health.straggler_pace_milli", stragglerPaceMilli, 0, TaskReport.Progressed.FULL_PACE_MILLI);
        Check.inRange("health.straggler_reports", stragglerReports, 1, 1_000);
        Check.inRange("health.retry_after_ms", retryAfterMs, 1L, Work.MAX_DURATION_MS);
        Check.inRange("health.tries_max", triesMax, 0, 20);
        Check.inRange("health.tries_window_ms", triesWindowMs, 1L, Work.MAX_DURATION_MS);
        Check.inRange("health.xid_edition", xidEdition, XidCatalogue.FIRST_EDITION, XidCatalogue.EDITION);
    }

    /** Returns the same settings with this edition of {@link XidCatalogue}. */
    public HealthSettings with(int newXidEdition) {
        return new HealthSettings(
                stragglerPaceMilli, stragglerReports, retryAfterMs, triesMax, triesWindowMs, newXidEdition);
    }
}
