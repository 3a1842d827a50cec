package io.gpuctl.audit.log;

import org.jspecify.annotations.Nullable;

/**
 * One partition of a topic, as the manifest describes it.
 *
 * @param file the name of its file in the directory of the log
 * @param records number of records, one per line
 * @param firstOffset offset of the first record; null if there are no records, like the three parameters that follow
 * @param lastOffset offset of the last record; not every offset in between has a record
 * @param firstTimestampMs the earliest timestamp, not that of the first record: timestamps need not ascend
 * @param lastTimestampMs the latest timestamp
 * @param bytes size of the file
 * @param sha256 SHA-256 of the compressed file, in lower-case hexadecimal
 */
public record PartitionFile(
        int partition,
        String file,
        long records,
        @Nullable Long firstOffset,
        @Nullable Long lastOffset,
        @Nullable Long firstTimestampMs,
        @Nullable Long lastTimestampMs,
        long bytes,
        String sha256) {

    static String name(String topic, int partition) {
        return "%s-%d.jsonl.gz".formatted(topic, partition);
    }

    /**
     * Returns whether the records have the offsets that they would get in an empty partition. The end of a transaction
     * also takes an offset, so a log that was written in transactions has gaps.
     */
    public boolean hasPlainOffsets() {
        return firstOffset == null || lastOffset == null || (firstOffset == 0 && lastOffset == records - 1);
    }
}
