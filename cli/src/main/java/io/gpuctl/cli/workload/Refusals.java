package io.gpuctl.cli.workload;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Submissions that the API refused permanently, and that are not in the log.
 *
 * @param rejectionsByReason tasks that can never fit, by the reason that the orchestrator would give
 * @param others the number of submissions that the API refused for another reason
 * @param unexpected the first of the others, and why
 */
record Refusals(Map<String, Integer> rejectionsByReason, int others, Optional<String> unexpected) {

    static final Refusals NONE = new Refusals(Map.of(), 0, Optional.empty());

    Refusals {
        rejectionsByReason = Collections.unmodifiableMap(new TreeMap<>(rejectionsByReason));
    }

    int rejected() {
        return rejectionsByReason.values().stream().mapToInt(Integer::intValue).sum();
    }

    int count() {
        return rejected() + others;
    }

    Refusals plusRejection(String reason) {
        Map<String, Integer> more = new TreeMap<>(rejectionsByReason);
        more.merge(reason, 1, Integer::sum);
        return new Refusals(more, others, unexpected);
    }

    Refusals plusOther(String taskAndReason) {
        return new Refusals(rejectionsByReason, others + 1, unexpected.or(() -> Optional.of(taskAndReason)));
    }
}
