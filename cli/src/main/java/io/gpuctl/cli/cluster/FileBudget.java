package io.gpuctl.cli.cluster;

import com.sun.management.UnixOperatingSystemMXBean;
import io.gpuctl.cli.CommandFailedException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * Divides the files that this process may open. Connections are files too, and a broker fails when it cannot open a
 * file. So half of all files are reserved for its log and for the stores, whatever clients do.
 *
 * @param files the maximum number of files that the process may have open
 */
record FileBudget(long files) {

    /** An empty cluster has about 500 open files: the segments of 60 partitions, the stores, the jars. */
    private static final long FILES_MIN = 1_024;

    /** Below this number, a message tells the operator the maximum number of connections. */
    private static final long FILES_AMPLE = 8_192;

    private static final int CONNECTIONS_MAX = 2_000;

    /** Throws if the process may open too few files to run a part of a cluster. */
    static FileBudget ofProcess() {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : FILES_AMPLE;
        if (files < FILES_MIN) {
            throw new CommandFailedException(
                    "This process may open %d files, but needs at least %d: allow more with ulimit -n %d"
                            .formatted(files, FILES_MIN, FILES_AMPLE));
        }
        return new FileBudget(files);
    }

    /** Returns the maximum number of connections to each of the two HTTP listeners. */
    int httpConnections() {
        return connections();
    }

    private int connections() {
        return (int) Math.min(files / 6, CONNECTIONS_MAX);
    }

    /**
     * Returns the limits of the embedded broker. There is no limit per address, because all clients are on this
     * machine.
     */
    Map<String, String> brokerSettings() {
        return Map.of(
                "max.connections",
                Integer.toString(connections()),
                // Closes idle connections soon. Kafka's clients reconnect by themselves.
                "connections.max.idle.ms",
                "120000");
    }

    /** Prints the maximum number of connections if it is small. */
    void sayIfSmall(PrintWriter err) {
        if (files < FILES_AMPLE) {
            err.println(
                    "This process may open %d files, so there may be %d connections at a time; ulimit -n allows more."
                            .formatted(files, connections()));
            err.flush();
        }
    }
}
