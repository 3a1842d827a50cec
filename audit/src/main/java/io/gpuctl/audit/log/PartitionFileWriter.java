package io.gpuctl.audit.log;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes the file of one partition. The same records give the same bytes with the same version of zlib. */
public final class PartitionFileWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Path file;
    private final int partition;
    private final MessageDigest digest = Sha256.digest();
    private final OutputStream lines;

    private String lastChecksum = RecordChecksum.NONE;
    private long records;
    private @Nullable Long firstOffset;
    private @Nullable Long lastOffset;
    private @Nullable Long firstTimestampMs;
    private @Nullable Long lastTimestampMs;

    PartitionFileWriter(Path directory, String topic, int partition) {
        this.file = directory.resolve(PartitionFile.name(topic, partition));
        this.partition = partition;
        try {
            // The JDK's gzip header contains no time.
            lines = new BufferedOutputStream(
                    new GZIPOutputStream(Sha256.through(digest, Files.newOutputStream(file)), BUFFER_BYTES),
                    BUFFER_BYTES);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Appends a record, which must be of this partition, and have a higher offset than the records before it. */
    public void add(RawRecord record) {
        if (record.partition() != partition || (lastOffset != null && record.offset() <= lastOffset)) {
            throw new IllegalArgumentException(
                    "The record of partition %d at offset %d does not follow offset %s of partition %d"
                            .formatted(record.partition(), record.offset(), lastOffset, partition));
        }
        String checksum = RecordChecksum.of(record, lastChecksum);
        byte[] line = RecordLine.encode(record, checksum);
        if (line.length > RecordLine.BYTES_MAX) {
            throw new EventLogException(
                    file,
                    "the record at offset %d takes %,d bytes, but a line has at most %,d"
                            .formatted(record.offset(), line.length, RecordLine.BYTES_MAX));
        }
        try {
            lines.write(line);
            lines.write('\n');
        } catch (IOException e) {
            throw unwritable(e);
        }
        lastChecksum = checksum;
        count(record);
    }

    private void count(RawRecord record) {
        records++;
        firstOffset = firstOffset == null ? Long.valueOf(record.offset()) : firstOffset;
        lastOffset = record.offset();
        long timestampMs = record.timestampMs();
        firstTimestampMs = firstTimestampMs == null ? timestampMs : Math.min(firstTimestampMs, timestampMs);
        lastTimestampMs = lastTimestampMs == null ? timestampMs : Math.max(lastTimestampMs, timestampMs);
    }

    /** Completes the file, and returns its description. */
    public PartitionFile finish() {
        try {
            lines.close();
            return new PartitionFile(
                    partition,
                    String.valueOf(file.getFileName()),
                    records,
                    firstOffset,
                    lastOffset,
                    firstTimestampMs,
                    lastTimestampMs,
                    Files.size(file),
                    Sha256.text(digest));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private EventLogException unwritable(IOException e) {
        return new EventLogException(file, "cannot be written: " + e, e);
    }

    /** Closes a file that was not finished; otherwise does nothing. */
    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException _) {
            // The unfinished file is of no use.
        }
    }
}
