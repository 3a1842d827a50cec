package io.gpuctl.api.views;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** By what the instances of an API know one another. */
final class SharedSecret {

    private final byte[] header;

    SharedSecret(String secret) {
        header = ("Bearer " + secret).getBytes(StandardCharsets.UTF_8);
    }

    /** The value of {@code Authorization} that shows it. */
    String header() {
        return new String(header, StandardCharsets.UTF_8);
    }

    /** Takes the same time whatever is wrong. */
    boolean isIn(@Nullable String authorization) {
        return authorization != null && MessageDigest.isEqual(header, authorization.getBytes(StandardCharsets.UTF_8));
    }
}
