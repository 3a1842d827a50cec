package io.gpuctl.api.views;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The secret with which instances of the API authenticate to each other. */
final class SharedSecret {

    private final byte[] header;

    SharedSecret(String secret) {
        header = ("Bearer " + secret).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the value of {@code Authorization} with the secret. */
    String header() {
        return new String(header, StandardCharsets.UTF_8);
    }

    /** Returns whether the header contains the secret. Compares in constant time. */
    boolean isIn(@Nullable String authorization) {
        return authorization != null && MessageDigest.isEqual(header, authorization.getBytes(StandardCharsets.UTF_8));
    }
}
