package io.gpuctl.experiments.trace;

import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the arrivals of a file. Rejects repeated ids, and gives tasks with a blank user to the user
 * {@code anonymous}.
 */
final class ArrivalList {

    private final Path file;
    private final BadRows badRows;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Map<TaskId, Integer> lineOfId = new HashMap<>();
    private long blankUsers;

    ArrivalList(Path file, BadRows badRows) {
        this.file = file;
        this.badRows = badRows;
    }

    /**
     * Adds the arrival of a line.
     *
     * @param id the name of the id in the file, with its value: "the name pod-1"
     */
    void add(Arrival arrival, int line, String id) throws WorkloadFormatException {
        Integer earlier = lineOfId.putIfAbsent(arrival.task().taskId(), line);
        if (earlier != null) {
            badRows.add(new WorkloadFormatException(
                    file, line, "%s is already on line %d, but must be unique".formatted(id, earlier)));
        } else if (arrival.task().user().isBlank()) {
            blankUsers++;
            arrivals.add(new Arrival(arrival.atMs(), arrival.task().withUser(TaskSpec.DEFAULT_USER)));
        } else {
            arrivals.add(arrival);
        }
    }

    /**
     * Returns the workload, in the order of arrival times; arrivals at the same time keep the order in which they were
     * added.
     *
     * @param notes notes on the file, apart from its bad rows and blank users
     */
    Workload workload(String name, TraceFormat format, ReadingNotes notes) throws WorkloadFormatException {
        if (arrivals.isEmpty()) {
            throw new WorkloadFormatException(
                    file,
                    badRows.rows() == 0
                            ? "has no tasks"
                            : "has no tasks: none of its %d rows can be read; the first problem: %s"
                                    .formatted(badRows.rows(), badRows.first().getFirst()));
        }
        arrivals.sort(Comparator.comparingLong(Arrival::atMs));
        ReadingNotes all = notes.plusBadRows(badRows.rows(), badRows.first());
        return new Workload(
                name,
                format,
                arrivals,
                blankUsers == 0
                        ? all
                        : all.plusAssumption("%d tasks have a blank user: they count as tasks of the user %s"
                                .formatted(blankUsers, TaskSpec.DEFAULT_USER)));
    }
}
