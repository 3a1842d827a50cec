package io.gpuctl.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment of a log batch by batch, with their checksums: about 1.5 GB/s from memory, as fast as the disk else.
 *
 * <p>A batch is {@code baseOffset (8 bytes), length (4), leader epoch (4), magic (1), CRC-32C (4)}, and then what the
 * checksum is of.
 */
final class SegmentScan {
    private static final int SMALLEST_BATCH = 61;
    private static final int LENGTH_AT = Records.SIZE_OFFSET;
    private static final int MAGIC_AT = Records.MAGIC_OFFSET;

    /** As many offsets as no segment has. */
    private static final long OFFSETS_MAX = Integer.MAX_VALUE;

    private final ByteBuffer bytes;
    private final Set<Long> openTransactions = new HashSet<>();
    private int position;
    private long nextOffset;
    private boolean hasGaps;
    private @Nullable String problem;
    private long goodAgainAt = -1;
    private int wholePosition;
    private long wholeOffset;

    private SegmentScan(ByteBuffer bytes, long firstOffset, Set<Long> openBefore) {
        this.bytes = bytes;
        nextOffset = firstOffset;
        wholeOffset = firstOffset;
        openTransactions.addAll(openBefore);
    }

    /**
     * Reads a segment.
     *
     * @param firstOffset the least that its first batch may have
     * @param openBefore producers with a transaction that an earlier segment has no end of
     */
    static SegmentScan of(Path segment, long firstOffset, Set<Long> openBefore) throws IOException {
        try (FileChannel channel = FileChannel.open(segment)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            SegmentScan scan = new SegmentScan(bytes, firstOffset, openBefore);
            scan.read();
            return scan;
        }
    }

    /** The values of all records from that byte on that can be read, whatever lies between them. */
    static List<byte[]> valuesFrom(Path segment, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(segment)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            SegmentScan scan = new SegmentScan(bytes, 0, Set.of());
            List<byte[]> values = new ArrayList<>();
            int at = Math.toIntExact(position);
            while (at < bytes.limit()) {
                RecordBatch batch = scan.batchAt(at);
                if (batch != null && !batch.isControlBatch()) {
                    batch.forEach(record -> {
                        if (record.hasValue()) {
                            byte[] value = new byte[record.valueSize()];
                            record.value().get(value);
                            values.add(value);
                        }
                    });
                }
                at += batch == null ? 1 : batch.sizeInBytes();
            }
            return values;
        }
    }

    private void read() {
        int at = 0;
        while (at < bytes.limit()) {
            RecordBatch batch = batchAt(at);
            if (batch == null) {
                problem = "the batch there is damaged: its checksum or length is wrong";
                findGoodAgain(at + 1);
                break;
            }
            if (batch.baseOffset() < nextOffset) {
                problem = "the batch there has offset %d, but must have at least %d"
                        .formatted(batch.baseOffset(), nextOffset);
                goodAgainAt = nextOffset;
                break;
            }
            hasGaps |= batch.baseOffset() > nextOffset;
            at += batch.sizeInBytes();
            nextOffset = batch.nextOffset();
            follow(batch, at);
        }
        position = at;
    }

    private void follow(RecordBatch batch, int end) {
        if (batch.isControlBatch()) {
            openTransactions.remove(batch.producerId());
        } else if (batch.isTransactional()) {
            openTransactions.add(batch.producerId());
        }
        if (openTransactions.isEmpty()) {
            wholePosition = end;
            wholeOffset = batch.nextOffset();
        }
    }

    /** Null if there is none that is whole. */
    private @Nullable RecordBatch batchAt(int at) {
        if (bytes.limit() - at < SMALLEST_BATCH || bytes.get(at + MAGIC_AT) != RecordBatch.MAGIC_VALUE_V2) {
            return null;
        }
        int length = bytes.getInt(at + LENGTH_AT);
        if (length < SMALLEST_BATCH - Records.LOG_OVERHEAD || length > bytes.limit() - at - Records.LOG_OVERHEAD) {
            return null;
        }
        RecordBatch batch = MemoryRecords.readableRecords(bytes.slice(at, length + Records.LOG_OVERHEAD))
                .firstBatch();
        return batch != null && batch.isValid() ? batch : null;
    }

    /** What was torn off at the end has nothing good behind it; damage in the middle has. */
    private void findGoodAgain(int from) {
        for (int at = from; at <= bytes.limit() - SMALLEST_BATCH; at++) {
            long offset = bytes.getLong(at);
            if (bytes.get(at + MAGIC_AT) == RecordBatch.MAGIC_VALUE_V2
                    && offset >= nextOffset
                    && offset - nextOffset < OFFSETS_MAX
                    && batchAt(at) != null) {
                goodAgainAt = offset;
                return;
            }
        }
    }

    /** Where reading ended: at the file's end, or at what cannot be read. */
    int position() {
        return position;
    }

    /** The offset behind the last batch that was read. */
    long nextOffset() {
        return nextOffset;
    }

    /** Whether offsets are missing between its batches, or before the first. */
    boolean hasGaps() {
        return hasGaps;
    }

    /** Why reading ended before the file's end; null if it did not. */
    @Nullable
    String problem() {
        return problem;
    }

    /** The offset of the first batch behind the problem that can be read; negative if there is none. */
    long goodAgainAt() {
        return goodAgainAt;
    }

    /** Producers with a transaction that has no end up to here. */
    Set<Long> openTransactions() {
        return openTransactions;
    }

    /** The last place at which no transaction is open. */
    int wholePosition() {
        return wholePosition;
    }

    /** The offset there. */
    long wholeOffset() {
        return wholeOffset;
    }
}
