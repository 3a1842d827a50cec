package io.gpuctl.simulator.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Creates a source of random numbers for each seed and purpose. Drawing from one does not shift the others.
 *
 * <p>The generator is Blackman and Vigna's xoshiro256++; its initial state is the SHA-256 of seed and purpose.
 */
public final class Draws {
    private static final int STATE_LONGS = 4;

    private Draws() {}

    public static UniformRandomProvider of(long seed, String purpose) {
        ByteBuffer digest = ByteBuffer.wrap(sha256(seed + "/" + purpose));
        long[] state = new long[STATE_LONGS];
        digest.asLongBuffer().get(state);
        return RandomSource.XO_SHI_RO_256_PP.create(state);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
