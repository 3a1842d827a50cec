package io.gpuctl.experiments.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.gpuctl.events.Fact;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.experiments.engine.FactSink;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of the facts as in the log: JSON, with a line feed after each. Two runs are equal if their checksums are
 * equal.
 */
public final class FactChecksum implements FactSink {
    private static final ObjectWriter JSON = EventJson.mapper().writerFor(Fact.class);

    private final MessageDigest digest = sha256();

    @Override
    public void accept(Fact fact) {
        try {
            digest.update(JSON.writeValueAsBytes(fact));
            digest.update((byte) '\n');
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the checksum of the facts so far, and starts anew. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
