package io.gpuctl.audit.redo;

import io.gpuctl.audit.log.LogPlace;
import org.jspecify.annotations.Nullable;

/**
 * Where a log is not what the scheduler decides.
 *
 * @param place of the record; null if there is none, as where one is missing at the end
 * @param problem what is wrong, a sentence without its full stop
 * @param expected what should stand there, JSON; null if that cannot be said, or is nothing
 * @param recorded what stands there, JSON or what else there is; null if nothing does
 */
public record Difference(
        @Nullable LogPlace place,
        String problem,
        @Nullable String expected,
        @Nullable String recorded) {
    static Difference at(LogPlace place, String problem) {
        return new Difference(place, problem, null, null);
    }

    /** Where it is and what, in a line. */
    public String summary() {
        return place == null ? problem : place + ": " + problem;
    }
}
