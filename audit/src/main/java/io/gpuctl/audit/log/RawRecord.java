package io.gpuctl.audit.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was in Kafka, byte for byte.
 *
 * @param offset its offset at the time of the export
 * @param timestampMs when it was written, in wall-clock time; cluster time is in the value
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes of a record, which are never compared.
public record RawRecord(
        int partition,
        long offset,
        long timestampMs,
        byte @Nullable [] key,
        List<RawHeader> headers,
        byte @Nullable [] value) {
    public RawRecord {
        requireNotNegative("partition", partition);
        requireNotNegative("offset", offset);
        requireNotNegative("timestampMs", timestampMs);
        headers = List.copyOf(headers);
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("%s is %d, but must not be negative".formatted(name, value));
        }
    }
}
