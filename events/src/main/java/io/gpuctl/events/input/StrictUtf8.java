package io.gpuctl.events.input;

import io.gpuctl.events.InvalidFieldException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads UTF-8 exactly as it is defined. Jackson also accepts overlong forms and halves of surrogate pairs, so that
 * different bytes become the same text.
 */
public final class StrictUtf8 {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private StrictUtf8() {}

    /**
     * Returns the text of the bytes.
     *
     * @throws RefusedValueException with the place of the first byte that is not UTF-8
     */
    public static String decode(byte[] bytes) throws RefusedValueException {
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw malformed(bytes, in.position());
        }
        return out.flip().toString();
    }

    private static RefusedValueException malformed(byte[] bytes, int offset) {
        int line = 1;
        int lineBegin = 0;
        for (int i = 0; i < offset; i++) {
            if (bytes[i] == '\n') {
                line++;
                lineBegin = i + 1;
            }
        }
        var problem = new InvalidFieldException(
                "the document", "not UTF-8 (byte 0x%02x)".formatted(bytes[offset] & 0xff), "UTF-8");
        return new RefusedValueException(problem, UntrustedJson.place(line, offset - lineBegin + 1));
    }

    /**
     * Returns whether the bytes of a JSON document are ASCII without a backslash and DEL: the texts of such a document
     * need no other check. Nearly all records pass this check, so it reads eight bytes at a time.
     */
    public static boolean isPlainJson(byte[] document) {
        int i = 0;
        for (; i <= document.length - Long.BYTES; i += Long.BYTES) {
            long eight = (long) EIGHT_BYTES.get(document, i);
            if (((eight | zeros(eight ^ '\\' * ONES) | zeros(eight ^ 0x7f * ONES)) & HIGH_BITS) != 0) {
                return false;
            }
        }
        for (; i < document.length; i++) {
            if (document[i] < 0 || document[i] == '\\' || document[i] == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Sets the high bit of each byte that is 0; the other bits mean nothing. */
    private static long zeros(long eight) {
        return (eight - ONES) & ~eight;
    }
}
