package io.gpuctl.cli.chaos.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on 127.0.0.1. They lie below those that the system gives to outgoing connections: a process that is started
 * again must find its port free.
 */
final class Ports {
    private static final int FIRST = 15_000;
    private static final int LAST = 31_000;
    private static final int ATTEMPTS_MAX = 1_000;

    private final Set<Integer> given = new HashSet<>();

    /** One that was not given out before. */
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
