package io.gpuctl.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** Names by which Kafka knows instances: different for all that run at a time. */
final class InstanceName {

    private InstanceName() {}

    /** The same at each start on that directory: so Kafka gives back at once what the instance had. */
    static String stable(Path dataDirectory) {
        try {
            Path parent = dataDirectory.toAbsolutePath().normalize();
            Path real = parent.toFile().exists() ? parent.toRealPath() : parent;
            return machine() + "-" + Integer.toHexString(real.toString().hashCode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of this process alone. */
    static String ofProcess() {
        return machine() + "-" + ProcessHandle.current().pid();
    }

    /** By which others on its network may know it. */
    static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "-");
        } catch (UnknownHostException _) {
            return "localhost"; // A machine whose name does not resolve.
        }
    }
}
