package io.gpuctl.audit.redo;

import io.gpuctl.audit.log.LogPlace;
import org.jspecify.annotations.Nullable;

/**
 * A difference between a log and what the scheduler decides.
 *
 * @param place the place of the record; null if there is none, as when a record is missing at the end
 * @param problem what is wrong, as a sentence without a full stop
 * @param expected what the log should contain there, JSON; null if that is unknown, or nothing
 * @param recorded what the log contains there, normally JSON; null if nothing
 */
public record Difference(
        @Nullable LogPlace place,
        String problem,
        @Nullable String expected,
        @Nullable String recorded) {
    static Difference at(LogPlace place, String problem) {
        return new Difference(place, problem, null, null);
    }

    /** Returns the place and the problem in one line. */
    public String summary() {
        return place == null ? problem : place + ": " + problem;
    }
}
