package io.gpuctl.audit.redo;

import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.events.Cause;
import io.gpuctl.events.kafka.Topics;
import java.util.LinkedHashMap;
import java.util.Map;

/** The inputs of the orchestrator in one partition. Holds a file open for each topic until closed. */
final class Inputs implements AutoCloseable {
    private final int partition;
    private final Map<String, InputCursor> cursors = new LinkedHashMap<>();

    Inputs(EventLogReader log, int partition) {
        this.partition = partition;
        Topics.INPUTS.forEach(topic -> cursors.put(topic.name(), new InputCursor(log, topic, partition)));
    }

    /**
     * Returns the record that facts name as their cause. Must be called in the order of the facts.
     *
     * @throws DifferenceException if such a cause is not possible
     */
    Input find(Cause cause, RecordedFact named) throws DifferenceException {
        InputCursor cursor = cursors.get(cause.source());
        if (cursor == null || cause.partition() != partition) {
            throw new DifferenceException(new Difference(
                    named.place(),
                    "its cause is %s-%d@%d, but facts of partition %d have causes in that partition of %s, or the timer"
                            .formatted(
                                    cause.source(),
                                    cause.partition(),
                                    cause.offset(),
                                    partition,
                                    String.join(", ", cursors.keySet())),
                    null,
                    named.text()));
        }
        return cursor.find(cause.offset(), named);
    }

    @Override
    public void close() {
        cursors.values().forEach(InputCursor::close);
    }
}
