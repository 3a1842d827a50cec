package io.gpuctl.audit.redo;

import java.util.List;

/**
 * The result of a replay.
 *
 * @param pools the pools, in the order of their partitions, then names
 * @param changedFiles files that differ from the export, each with its first wrong line
 * @param differences the first difference of each pool, in the order in which they were found
 * @param unreadable number of records in the topic of facts that are not facts, and were skipped
 * @param storedIncluded whether the log contains the stored state of the orchestrator
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

    /** Returns whether everything is as recorded. */
    public boolean isClean() {
        return changedFiles.isEmpty() && differences.isEmpty();
    }

    /** Returns the number of facts of all pools. */
    public long facts() {
        return pools.stream().mapToLong(PoolOutcome::facts).sum();
    }
}
