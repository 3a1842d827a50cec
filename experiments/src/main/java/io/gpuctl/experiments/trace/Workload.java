package io.gpuctl.experiments.trace;

import java.util.List;

/**
 * A recorded workload.
 *
 * @param name name of the file in which the workload was recorded
 * @param format format of the file from which the workload was read
 * @param arrivals in the order of their times; at the same time, in the order of the file. Task ids are unique
 * @param notes the reader's notes on the file
 */
public record Workload(String name, TraceFormat format, List<Arrival> arrivals, ReadingNotes notes) {

    public Workload {
        arrivals = List.copyOf(arrivals);
    }

    /**
     * Returns when the first task is submitted, in ms from the file's own time 0. If times count from 1970, this is
     * more than 50 years.
     */
    public long offsetMs() {
        return arrivals.isEmpty() ? 0 : arrivals.getFirst().atMs();
    }

    /** Returns the same tasks, {@code byMs} earlier. */
    public Workload earlier(long byMs) {
        return byMs == 0
                ? this
                : new Workload(
                        name,
                        format,
                        arrivals.stream()
                                .map(arrival -> new Arrival(arrival.atMs() - byMs, arrival.task()))
                                .toList(),
                        notes);
    }

    /** Returns the time from the first arrival to the last, in ms. */
    public long spanMs() {
        return arrivals.isEmpty()
                ? 0
                : arrivals.getLast().atMs() - arrivals.getFirst().atMs();
    }
}
