package io.gpuctl.audit.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * CRC-32C of a record and of all before it in its file, in eight hexadecimal digits: tells at which line a file was
 * changed, where the file's SHA-256 tells only that it was.
 *
 * <p>Over the checksum of the line before (as text; nothing for the first line), then partition (4 bytes), offset and
 * timestamp (8 each), all big-endian; then key, number of headers (4), name and value of each, and value, each with its
 * length before it (4), -1 for null.
 */
final class RecordChecksum {
    private static final int NULL_LENGTH = -1;

    /** Before the first line. */
    static final String NONE = "";

    private RecordChecksum() {}

    /** {@code before}: what stands in the line before. */
    static String of(RawRecord record, String before) {
        var checksum = new CRC32C();
        checksum.update(before.getBytes(StandardCharsets.US_ASCII));
        checksum.update(ByteBuffer.allocate(Integer.BYTES + 2 * Long.BYTES)
                .putInt(record.partition())
                .putLong(record.offset())
                .putLong(record.timestampMs())
                .flip());
        update(checksum, record.key());
        update(checksum, record.headers().size());
        for (RawHeader header : record.headers()) {
            update(checksum, header.name().getBytes(StandardCharsets.UTF_8));
            update(checksum, header.value());
        }
        update(checksum, record.value());
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    private static void update(Checksum checksum, byte @Nullable [] bytes) {
        update(checksum, bytes == null ? NULL_LENGTH : bytes.length);
        if (bytes != null) {
            checksum.update(bytes, 0, bytes.length);
        }
    }

    private static void update(Checksum checksum, int number) {
        checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }
}
