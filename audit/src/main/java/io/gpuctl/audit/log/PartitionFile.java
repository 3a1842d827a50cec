package io.gpuctl.audit.log;

import org.jspecify.annotations.Nullable;

/**
 * What the manifest says of one partition of a topic.
 *
 * @param file its name in the directory of the log
 * @param records how many lines it has
 * @param firstOffset null if it has none, as for the three that follow
 * @param lastOffset of the last record; some between may belong to no record
 * @param firstTimestampMs the earliest, not that of the first record: timestamps need not ascend
 * @param lastTimestampMs the latest
 * @param bytes size of the file
 * @param sha256 of the file as it is, compressed; in lower-case hexadecimal
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
     * Whether the records have the offsets that they get when they are written to an empty partition. The end of a
     * transaction takes an offset too, so a log that was written in transactions has gaps.
     */
    public boolean hasPlainOffsets() {
        return firstOffset == null || lastOffset == null || (firstOffset == 0 && lastOffset == records - 1);
    }
}
