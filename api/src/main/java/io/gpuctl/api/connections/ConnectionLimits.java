package io.gpuctl.api.connections;

import java.time.Duration;

/**
 * The limits of all clients together, and of each client.
 *
 * @param total maximum number of simultaneous connections
 * @param perAddress maximum number of simultaneous connections from one client address
 * @param requestTimeout maximum time from the first to the last byte of a request
 * @param idleTimeout maximum time for which a connection may have no request
 * @param readTimeout time after which a client that reads nothing of its answer counts as gone
 * @param unreadBytesMax maximum number of bytes of all answers that wait for their clients
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
