package io.gpuctl.audit.redo;

import com.fasterxml.jackson.databind.ObjectReader;
import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.PartitionRecords;
import io.gpuctl.audit.log.PlacedRecord;
import io.gpuctl.events.Fact;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.kafka.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the decisions of a partition of {@code cluster-events}, in the order of the log. Holds a file open until
 * closed.
 */
final class DecisionReader implements AutoCloseable {
    private static final ObjectReader FACTS = EventJson.mapper().readerFor(Fact.class);

    private final PartitionRecords records;
    private @Nullable RecordedFact next;
    private long unreadable;

    DecisionReader(EventLogReader log, int partition) {
        records = log.raw(Topics.CLUSTER_EVENTS.name(), partition);
    }

    /** Returns the next decision; null after the last. */
    @Nullable
    RecordedDecision read() throws DifferenceException {
        if (next == null) {
            next = readFact();
        }
        if (next == null) {
            return null;
        }
        List<RecordedFact> facts = new ArrayList<>();
        RecordedFact first = next;
        while (next != null && isOfOneDecision(first, next)) {
            facts.add(next);
            next = readFact();
        }
        return new RecordedDecision(facts);
    }

    /**
     * Returns how many records were skipped so far because they are not facts. Any client with write access may have
     * written them.
     */
    long unreadable() {
        return unreadable;
    }

    /** Returns the fact after the last decision that was read; null if there is none. */
    @Nullable
    RecordedFact behind() {
        return next;
    }

    private static boolean isOfOneDecision(RecordedFact first, RecordedFact other) {
        Fact one = first.fact();
        Fact two = other.fact();
        return one.pool().equals(two.pool())
                && one.cause().equals(two.cause())
                && one.atMs() == two.atMs()
                && first.raw().timestampMs() == other.raw().timestampMs();
    }

    private @Nullable RecordedFact readFact() throws DifferenceException {
        try {
            while (records.hasNext()) {
                RecordedFact fact = fact(records.next());
                if (fact != null) {
                    return fact;
                }
                unreadable++;
            }
            return null;
        } catch (EventLogException e) {
            throw new DifferenceException(new Difference(null, String.valueOf(e.getMessage()), null, null));
        }
    }

    /**
     * Returns the fact; null if the record is not a fact. If a fact was damaged, its number is missing in the sequence
     * of its pool.
     */
    private static @Nullable RecordedFact fact(PlacedRecord record) {
        byte[] value = record.raw().value();
        if (value == null) {
            return null;
        }
        try {
            Fact fact = FACTS.readValue(value);
            return new RecordedFact(record.place(), record.raw(), fact);
        } catch (IOException _) {
            return null;
        }
    }

    @Override
    public void close() {
        records.close();
    }
}
