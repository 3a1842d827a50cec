package io.gpuctl.cli.verify;

import io.gpuctl.audit.rules.Counts;
import io.gpuctl.audit.rules.Violations;
import java.util.List;
import java.util.SortedMap;

/**
 * The results of a verification.
 *
 * @param telemetryRecords the number of gpu-telemetry records, which are not read
 * @param deadLetters by topic and cause
 * @param notes what could not be checked, for people
 */
record VerifyReport(
        Counts counts,
        long telemetryRecords,
        SortedMap<String, Long> deadLetters,
        List<String> notes,
        Violations violations,
        double seconds) {
    long deadLettersTotal() {
        return deadLetters.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean isClean() {
        return violations.count() == 0;
    }

    /** Returns the last line of the report, which states the result. */
    String verdict() {
        if (isClean()) {
            return "no violations";
        }
        return violations.count() == 1 ? "1 violation" : "%d violations".formatted(violations.count());
    }
}
