package io.gpuctl.audit.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * The CRC-32C of a record and of all records before it in its file, in eight hexadecimal digits. It shows at which line
 * a file was changed; the file's SHA-256 shows only that the file was changed.
 *
 * <p>The input is the checksum of the previous line (as text; nothing for the first line), then partition (4 bytes),
 * offset and timestamp (8 each), all big-endian; then key, number of headers (4), name and value of each header, and
 * value. Each of these byte strings follows its length (4), which is -1 for null.
 */
final class RecordChecksum {
    private static final int NULL_LENGTH = -1;

    /** The checksum before the first line. */
    static final String NONE = "";

    private RecordChecksum() {}

    /** Returns the checksum of a record; {@code before} is the checksum of the previous line. */
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
