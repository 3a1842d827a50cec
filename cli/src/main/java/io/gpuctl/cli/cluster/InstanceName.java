package io.gpuctl.cli.cluster;

import io.gpuctl.events.units.PlainText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The names of instances on Kafka, different for all instances that run at the same time. */
final class InstanceName {

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private InstanceName() {}

    /**
     * Returns the same name at each start on this directory, so that Kafka reassigns the instance's work to it at once.
     */
    static String stable(Path dataDirectory) {
        try {
            Path parent = dataDirectory.toAbsolutePath().normalize();
            Path real = parent.toFile().exists() ? parent.toRealPath() : parent;
            return machine() + "-" + Integer.toHexString(real.toString().hashCode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a name for this process alone. */
    static String ofProcess() {
        return machine() + "-" + ProcessHandle.current().pid();
    }

    /** Throws {@link ParameterException} for a name that is not valid for Kafka or a directory. */
    static void requireValid(String name, CommandLine command) {
        if (!VALID.matcher(name).matches()) {
            throw new ParameterException(
                    command,
                    "--instance is '%s', but must be 1 to 100 letters, digits, dots, underscores and hyphens, of which the first is a letter or digit"
                            .formatted(PlainText.quoted(name)));
        }
    }

    /** Returns the host name of this machine, under which others on its network may know it. */
    static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "-");
        } catch (UnknownHostException _) {
            return "localhost"; // The host name does not resolve.
        }
    }
}
