package io.gpuctl.api.connections;

import java.time.Duration;

/**
 * What all clients together and each of them may have.
 *
 * @param total connections at a time
 * @param perAddress connections at a time from one client address
 * @param requestTimeout from the first byte of a request to its last
 * @param idleTimeout for a connection on which no request has begun
 * @param readTimeout after which a client that takes nothing of its answer is gone
 * @param unreadBytesMax of all answers that wait for their clients to read them
 */
record ConnectionLimits(
        int total,
        int perAddress,
        Duration requestTimeout,
        Duration idleTimeout,
        Duration readTimeout,
        long unreadBytesMax) {

    ConnectionLimits {
        if (total < 1 || perAddress < 1) {
            throw new IllegalArgumentException("At least one connection must be allowed");
        }
    }
}
