package io.gpuctl.audit.redo;

import com.fasterxml.jackson.databind.ObjectReader;
import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.LogManifest;
import io.gpuctl.audit.log.LogPlace;
import io.gpuctl.audit.log.PartitionRecords;
import io.gpuctl.audit.log.PlacedRecord;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.kafka.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the records of one partition of an input topic, forwards only: an orchestrator processes each partition in
 * order. Holds a file open until closed.
 */
final class InputCursor implements AutoCloseable {
    private final String topic;
    private final ObjectReader reader;
    private final @Nullable PartitionRecords records;
    /** Whether existing records may be missing from the log. */
    private final boolean hasGaps;

    private @Nullable PlacedRecord next;
    private long firstOffset = -1;
    private long lastOffset = -1;
    private long askedOffset = -1;

    /** Opens the partition. If the log lacks the topic or the partition, all its records count as gone. */
    InputCursor(EventLogReader log, Topic<? extends PoolInput> topic, int partition) {
        LogManifest manifest = log.manifest();
        this.topic = topic.name();
        reader = EventJson.mapper().readerFor(topic.valueType());
        boolean isThere = manifest.topic(topic.name())
                .filter(files -> partition < files.partitions().size())
                .isPresent();
        records = isThere ? log.raw(topic.name(), partition) : null;
        hasGaps = topic.isCompacted() || manifest.fromMs() != null || manifest.toMs() != null;
    }

    /**
     * Finds the record at an offset.
     *
     * @param named the fact that names the offset
     * @throws DifferenceException if the record is missing but should be there, or cannot lead to facts
     */
    Input find(long offset, RecordedFact named) throws DifferenceException {
        if (records == null) {
            return new Input.Gone();
        }
        if (offset <= askedOffset) {
            throw new DifferenceException(new Difference(
                    named.place(),
                    "its cause, %s@%d, comes before the cause of an earlier fact, %s@%d: the facts are out of order"
                            .formatted(topic, offset, topic, askedOffset),
                    null,
                    named.text()));
        }
        askedOffset = offset;
        PlacedRecord record = seek(offset);
        if (record != null && record.place().offset() == offset) {
            next = null;
            return new Input.Found(record.place(), value(record, named));
        }
        if (hasGaps || firstOffset < 0 || offset < firstOffset) {
            return new Input.Gone();
        }
        throw missing(offset, record, named);
    }

    private DifferenceException missing(long offset, @Nullable PlacedRecord behind, RecordedFact named) {
        LogPlace place = behind == null ? named.place() : behind.place();
        String problem = behind == null
                ? "its cause, %s@%d, is missing: the topic's file ends with offset %d"
                        .formatted(topic, offset, lastOffset)
                : "expected offset %d here, which is the cause of %s, but the record is missing"
                        .formatted(offset, named.place());
        return new DifferenceException(
                new Difference(place, problem, null, behind == null ? named.text() : text(behind)));
    }

    private @Nullable PlacedRecord seek(long offset) throws DifferenceException {
        while (next == null || next.place().offset() < offset) {
            next = read();
            if (next == null) {
                return null;
            }
        }
        return next;
    }

    private @Nullable PlacedRecord read() throws DifferenceException {
        try {
            PlacedRecord record = Optional.ofNullable(records)
                    .filter(PartitionRecords::hasNext)
                    .map(PartitionRecords::next)
                    .orElse(null);
            if (record == null) {
                return null;
            }
            if (record.place().offset() <= lastOffset) {
                throw new DifferenceException(new Difference(
                        record.place(),
                        "expected an offset above %d: this record is out of order".formatted(lastOffset),
                        null,
                        text(record)));
            }
            lastOffset = record.place().offset();
            firstOffset = firstOffset < 0 ? lastOffset : firstOffset;
            return record;
        } catch (EventLogException e) {
            throw new DifferenceException(new Difference(null, String.valueOf(e.getMessage()), null, null));
        }
    }

    private PoolInput value(PlacedRecord record, RecordedFact named) throws DifferenceException {
        byte[] bytes = record.raw().value();
        try {
            PoolInput value = bytes == null ? null : reader.readValue(bytes);
            if (value != null && value.pool().equals(named.fact().pool())) {
                return value;
            }
            throw notACause(record, named, value == null ? "it has no value" : "it is of pool " + value.pool());
        } catch (IOException e) {
            throw notACause(record, named, String.valueOf(e.getMessage()));
        }
    }

    private static DifferenceException notACause(PlacedRecord record, RecordedFact named, String why) {
        return new DifferenceException(new Difference(
                record.place(),
                "%s names this record as its cause, but the record cannot be the cause: %s"
                        .formatted(named.place(), why),
                null,
                text(record)));
    }

    private static String text(PlacedRecord record) {
        byte[] value = record.raw().value();
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        if (records != null) {
            records.close();
        }
    }
}
