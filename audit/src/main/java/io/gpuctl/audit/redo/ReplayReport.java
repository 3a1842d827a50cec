package io.gpuctl.audit.redo;

import java.util.List;

/**
 * How a replay went.
 *
 * @param pools in the order of their partitions, then names
 * @param changedFiles files that are not as they were exported, each with the first line that is wrong
 * @param differences the first of each pool, in the order in which they were found
 * @param unreadable records among the facts that are no facts, and were passed over
 * @param storedIncluded whether the log has what the orchestrator had stored
 */
public record ReplayReport(
        List<PoolOutcome> pools,
        List<String> changedFiles,
        List<Difference> differences,
        long unreadable,
        boolean storedIncluded) {
    public ReplayReport {
        pools = List.copyOf(pools);
        changedFiles = List.copyOf(changedFiles);
        differences = List.copyOf(differences);
    }

    /** Whether everything came out as it was recorded. */
    public boolean isClean() {
        return changedFiles.isEmpty() && differences.isEmpty();
    }

    /** Of all pools. */
    public long facts() {
        return pools.stream().mapToLong(PoolOutcome::facts).sum();
    }
}
