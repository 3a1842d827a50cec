package io.gpuctl.cli.chaos.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Allocates free ports on 127.0.0.1, below the range that the system uses for outgoing connections, since a restarted
 * process must find its port free.
 */
final class Ports {
    private static final int FIRST = 15_000;
    private static final int LAST = 31_000;
    private static final int ATTEMPTS_MAX = 1_000;

    private final Set<Integer> given = new HashSet<>();

    /** Returns a port that was not returned before. */
    int next() {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
        throw new ChaosException("There is no free port from %d to %d".formatted(FIRST, LAST));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
