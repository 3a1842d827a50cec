package io.gpuctl.cli.chaos.check;

import java.util.List;
import java.util.SortedMap;

/**
 * The results of the check.
 *
 * @param tasks the state of each task according to the facts, by id
 * @param facts the number of facts
 * @param placements the number of start commands whose placement is in the facts
 * @param pending the number of submissions that were written, but not decided yet
 * @param unknownTypes the number of facts of types that this reader does not know, by type
 */
public record CheckReport(
        Findings findings,
        SortedMap<String, List<Task>> tasks,
        long facts,
        long placements,
        long pending,
        SortedMap<String, Long> unknownTypes) {
    /**
     * A task at the end of the log.
     *
     * @param state as in the API: {@code queued}, {@code completed}, ...
     * @param specification the submission, as JSON
     */
    public record Task(String pool, String state, boolean isFinal, int attempts, String specification) {}
}
