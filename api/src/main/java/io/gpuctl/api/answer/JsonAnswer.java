package io.gpuctl.api.answer;

import java.nio.charset.StandardCharsets;

/**
 * An answer that is JSON already, as {@link JsonRenderer} renders it.
 *
 * @param utf8 the JSON; nobody may change it
 */
@SuppressWarnings("ArrayRecordComponent") // An answer is written, never compared.
public record JsonAnswer(byte[] utf8) {

    /** Returns the answer with a value put in before the byte at {@code place}; the value is ASCII. */
    public JsonAnswer with(int place, String value) {
        byte[] inserted = value.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[utf8.length + inserted.length];
        System.arraycopy(utf8, 0, all, 0, place);
        System.arraycopy(inserted, 0, all, place, inserted.length);
        System.arraycopy(utf8, place, all, place + inserted.length, utf8.length - place);
        return new JsonAnswer(all);
    }
}
