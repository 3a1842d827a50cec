package io.gpuctl.experiments.trace;

import java.util.List;

/**
 * A recorded workload.
 *
 * @param name of the file that it was recorded in
 * @param format of the file that it was read from
 * @param arrivals in the order of their times; at one time, in the order of the file. No two have one task id
 * @param notes what the reader made of the file
 */
public record Workload(String name, TraceFormat format, List<Arrival> arrivals, ReadingNotes notes) {

    public Workload {
        arrivals = List.copyOf(arrivals);
    }

    /** When the first task is submitted, ms from the file's own time 0; of times since 1970, more than 50 years. */
    public long offsetMs() {
        return arrivals.isEmpty() ? 0 : arrivals.getFirst().atMs();
    }

    /** The same tasks, so much earlier. */
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

    /** From the first arrival to the last, ms. */
    public long spanMs() {
        return arrivals.isEmpty()
                ? 0
                : arrivals.getLast().atMs() - arrivals.getFirst().atMs();
    }
}
