package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that services will listen on. */
final class Ports {

    private Ports() {}

    /**
     * Throws if the port is taken. The check runs early, before the broker is started.
     *
     * @param option the command line option that chooses another port
     */
    static void checkFree(String host, int port, String option) {
        try (var socket = new ServerSocket()) {
            // Like servers, counts a port as free if only closed connections linger on it.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new CommandFailedException(
                    "Port %d on %s is taken or not allowed (%s). Stop the program that listens there, or choose another port with %s."
                            .formatted(port, host, e.getMessage(), option),
                    e);
        }
    }
}
