package io.gpuctl.experiments.trace;

import io.gpuctl.events.TaskId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the arrivals of a file, and sees that no two have one id. */
final class ArrivalList {

    private final Path file;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Map<TaskId, Integer> lineOfId = new HashMap<>();

    ArrivalList(Path file) {
        this.file = file;
    }

    /**
     * Adds the arrival of a line.
     *
     * @param id what the id is called in the file, with its value: "the name pod-1"
     */
    void add(Arrival arrival, int line, String id) throws WorkloadFormatException {
        Integer earlier = lineOfId.putIfAbsent(arrival.task().taskId(), line);
        if (earlier != null) {
            throw new WorkloadFormatException(
                    file, line, "%s stands on line %d too, but each must be another".formatted(id, earlier));
        }
        arrivals.add(arrival);
    }

    /** In the order of their times; those of one time in the order in which they were added. */
    List<Arrival> sorted() throws WorkloadFormatException {
        if (arrivals.isEmpty()) {
            throw new WorkloadFormatException(file, "has no tasks");
        }
        arrivals.sort(Comparator.comparingLong(Arrival::atMs));
        return arrivals;
    }
}
