package io.gpuctl.cli.chaos.check;

import java.util.List;
import java.util.SortedMap;

/**
 * What the check found.
 *
 * @param tasks by id: what the facts say about each
 * @param facts how many there are
 * @param placements how many start commands have their placement in the facts
 * @param pending submissions that were written, but not decided yet
 * @param unknownTypes facts of types that this reader does not know, by type
 */
public record CheckReport(
        Findings findings,
        SortedMap<String, List<Task>> tasks,
        long facts,
        long placements,
        long pending,
        SortedMap<String, Long> unknownTypes) {
    /**
     * A task at the log's end.
     *
     * @param state as in the API: {@code queued}, {@code completed}, ...
     * @param specification the submission, as JSON
     */
    public record Task(String pool, String state, boolean isFinal, int attempts, String specification) {}
}
