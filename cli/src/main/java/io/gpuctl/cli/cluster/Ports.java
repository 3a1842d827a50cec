package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that services will listen on. */
final class Ports {

    private Ports() {}

    /**
     * Throws if the port is taken: better before the broker runs than after.
     *
     * @param option the command line option by which another one is chosen
     */
    static void checkFree(String host, int port, String option) {
        try (var socket = new ServerSocket()) {
            // As servers do: a port whose last connections linger is free.
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
