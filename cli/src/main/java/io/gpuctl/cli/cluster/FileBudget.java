package io.gpuctl.cli.cluster;

import com.sun.management.UnixOperatingSystemMXBean;
import io.gpuctl.cli.CommandFailedException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * How the files that this process may open are shared out. Connections are files too, and a broker ends when it cannot
 * open one: half of all stays for its log and for the stores, whatever clients do.
 *
 * @param files that the process may have open at a time
 */
record FileBudget(long files) {

    /** An empty cluster has about 500 open: the segments of 60 partitions, the stores, the jars. */
    private static final long FILES_MIN = 1_024;

    /** With fewer than this we say how many connections there may be. */
    private static final long FILES_AMPLE = 8_192;

    private static final int CONNECTIONS_MAX = 2_000;

    /** Throws if the process may open too few to run a part of a cluster. */
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

    /** How many connections there may be to each of the two HTTP listeners. */
    int httpConnections() {
        return connections();
    }

    private int connections() {
        return (int) Math.min(files / 6, CONNECTIONS_MAX);
    }

    /** The limits of the embedded broker. Its clients are all on this machine: a limit for each address would be none. */
    Map<String, String> brokerSettings() {
        return Map.of(
                "max.connections",
                Integer.toString(connections()),
                // Whoever holds connections without a word gives them back soon. Kafka's clients connect again by
                // themselves.
                "connections.max.idle.ms",
                "120000");
    }

    /** Says how many connections there may be, if that is few. */
    void sayIfSmall(PrintWriter err) {
        if (files < FILES_AMPLE) {
            err.println(
                    "This process may open %d files, so there may be %d connections at a time; ulimit -n allows more."
                            .formatted(files, connections()));
            err.flush();
        }
    }
}
