package io.gpuctl.audit.log;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition, in order, read lazily. Holds a file open until closed.
 *
 * <p>Either checks that the file is as it was exported, or reads it as it is. In the second case lines may be changed,
 * missing or out of order, and the caller must check that. A line that is not a record is always an error.
 */
public final class PartitionRecords implements Iterator<PlacedRecord>, AutoCloseable {
    private final Path file;
    private final String topic;
    private final PartitionFile declared;
    private final LineInput lines;
    private final boolean isAsItIs;

    private long lastOffset = -1;
    private String lastChecksum = RecordChecksum.NONE;
    private @Nullable PlacedRecord next;

    PartitionRecords(Path directory, String topic, PartitionFile declared) {
        this(directory, topic, declared, false);
    }

    PartitionRecords(Path directory, String topic, PartitionFile declared, boolean isAsItIs) {
        this.isAsItIs = isAsItIs;
        this.file = directory.resolve(declared.file());
        this.topic = topic;
        this.declared = declared;
        lines = new LineInput(file);
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = read();
        }
        return next != null;
    }

    @Override
    public PlacedRecord next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        PlacedRecord record = next;
        next = null;
        return record;
    }

    private @Nullable PlacedRecord read() {
        byte[] line = lines.next();
        if (line == null) {
            if (!isAsItIs) {
                requireDeclaredEnd();
            }
            return null;
        }
        ParsedLine parsed = decode(line);
        RawRecord record = parsed.record();
        if (!isAsItIs) {
            requireInOrder(record);
            requireUnchanged(parsed);
        }
        lastOffset = record.offset();
        return new PlacedRecord(
                new LogPlace(topic, declared.partition(), record.offset(), file, lines.lineNumber()), record);
    }

    private ParsedLine decode(byte[] line) {
        try {
            return RecordLine.decode(line);
        } catch (LineFormatException e) {
            throw new EventLogException(file, lines.lineNumber(), String.valueOf(e.getMessage()), e);
        }
    }

    private void requireInOrder(RawRecord record) {
        if (record.partition() != declared.partition()) {
            throw wrongLine("expected partition %d, but it is %d".formatted(declared.partition(), record.partition()));
        }
        if (record.offset() <= lastOffset) {
            throw wrongLine("expected an offset above %d, but it is %d".formatted(lastOffset, record.offset()));
        }
        Long first = declared.firstOffset();
        if (lastOffset < 0 && first != null && record.offset() != first) {
            throw wrongLine(
                    "expected the first offset of the manifest, %d, but it is %d".formatted(first, record.offset()));
        }
    }

    /** Compares the checksum. A line without a checksum is accepted. */
    private void requireUnchanged(ParsedLine line) {
        String found = line.checksum();
        if (found != null) {
            String expected = RecordChecksum.of(line.record(), lastChecksum);
            if (!found.equals(expected)) {
                throw wrongLine(
                        "%s-%d@%d is not the exported record: this line was changed, or an earlier line is missing or out of order"
                                .formatted(
                                        topic,
                                        declared.partition(),
                                        line.record().offset()));
            }
        }
        lastChecksum = found == null ? RecordChecksum.NONE : found;
    }

    private EventLogException wrongLine(String problem) {
        return new EventLogException(file, lines.lineNumber(), problem);
    }

    private void requireDeclaredEnd() {
        if (lines.lineNumber() != declared.records()) {
            throw new EventLogException(
                    file,
                    "holds %,d records, but the manifest says %,d".formatted(lines.lineNumber(), declared.records()));
        }
        Long last = declared.lastOffset();
        if (last != null && lastOffset != last) {
            throw new EventLogException(
                    file, "ends with offset %d, but the manifest says %d".formatted(lastOffset, last));
        }
    }

    @Override
    public void close() {
        lines.close();
    }
}
