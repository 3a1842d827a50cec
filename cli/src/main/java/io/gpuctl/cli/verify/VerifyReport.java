package io.gpuctl.cli.verify;

import io.gpuctl.audit.rules.Counts;
import io.gpuctl.audit.rules.Violations;
import java.util.List;
import java.util.SortedMap;

/**
 * What a verification found.
 *
 * @param telemetryRecords records of gpu-telemetry, which is not read
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

    /** The last line: the result in words. */
    String verdict() {
        if (isClean()) {
            return "no violations";
        }
        return violations.count() == 1 ? "1 violation" : "%d violations".formatted(violations.count());
    }
}
