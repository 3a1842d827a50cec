package io.gpuctl.api.events;

import io.gpuctl.api.request.Parameters;
import io.gpuctl.events.kafka.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A place in {@code cluster-events} across all its partitions: how far a reader has read. Its text is the id of a
 * server-sent event, so that a client can continue from there at any instance.
 *
 * @param nextOffsets by partition, the offset of the first record that was not read
 */
record LogPlace(List<Long> nextOffsets) {

    private static final String SEPARATOR = "-";
    private static final String ALLOWED = "the id of an event of this stream";

    LogPlace {
        nextOffsets = List.copyOf(nextOffsets);
    }

    /**
     * Parses the text of a place. Fails with a {@link io.gpuctl.api.problem.ProblemException} (400) if the text is not
     * {@link #toString} of a place.
     */
    static LogPlace parse(String text) {
        var nextOffsets = new ArrayList<Long>();
        for (String offset : text.split(SEPARATOR, -1)) {
            if (!offset.matches("[0-9]{1,18}")) {
                throw Parameters.invalid("Last-Event-ID", text, ALLOWED);
            }
            nextOffsets.add(Long.parseLong(offset));
        }
        if (nextOffsets.size() != Topics.CLUSTER_EVENTS.partitions()) {
            throw Parameters.invalid("Last-Event-ID", text, ALLOWED);
        }
        return new LogPlace(nextOffsets);
    }

    long nextOffset(int partition) {
        return nextOffsets.get(partition);
    }

    boolean isBefore(int partition, long offset) {
        return nextOffset(partition) <= offset;
    }

    /** Returns the place after this record of the partition. */
    LogPlace after(int partition, long offset) {
        return with(partition, offset + 1);
    }

    /** Returns the place with another next offset in this partition. */
    LogPlace with(int partition, long nextOffset) {
        var offsets = new ArrayList<>(nextOffsets);
        offsets.set(partition, nextOffset);
        return new LogPlace(offsets);
    }

    /** Returns the place that covers all that was read at this place or the other. */
    LogPlace furthest(LogPlace other) {
        var furthest = new ArrayList<Long>();
        for (int partition = 0; partition < nextOffsets.size(); partition++) {
            furthest.add(Math.max(nextOffset(partition), other.nextOffset(partition)));
        }
        return new LogPlace(furthest);
    }

    /** Returns the nearest place between {@code begin} and {@code end} of the log. */
    LogPlace within(LogPlace begin, LogPlace end) {
        var nearest = new ArrayList<Long>();
        for (int partition = 0; partition < nextOffsets.size(); partition++) {
            // Offset 0 always means the beginning of the log, wherever that is.
            long from = nextOffset(partition) == 0 ? 0 : begin.nextOffset(partition);
            nearest.add(Math.clamp(nextOffset(partition), from, Math.max(from, end.nextOffset(partition))));
        }
        return new LogPlace(nearest);
    }

    /** Returns whether everything before {@code other} is also before this place. */
    boolean reaches(LogPlace other) {
        for (int partition = 0; partition < nextOffsets.size(); partition++) {
            if (nextOffset(partition) < other.nextOffset(partition)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return nextOffsets.stream().map(String::valueOf).collect(Collectors.joining(SEPARATOR));
    }
}
