package io.gpuctl.cli.cluster;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The address of the metrics and health checks of a process without an API: a mixin. */
final class MetricsOptions {

    private static final int PORT_MAX = 65_535;
    private static final String LOOPBACK = "127.0.0.1";

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it.
    private CommandSpec mixee;

    private int port;

    @Option(
            names = "--metrics-host",
            paramLabel = "ADDRESS",
            defaultValue = LOOPBACK,
            description = "Address of --metrics-port: 0.0.0.0 for all addresses (default: ${DEFAULT-VALUE}, only this"
                    + " machine).")
    private String host = LOOPBACK;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Port of /metrics, /health/live and /health/ready (default: a free one, which is printed).")
    void setPort(int given) {
        if (given < 1 || given > PORT_MAX) {
            throw new ParameterException(
                    mixee.commandLine(), "--metrics-port is %d, but must be from 1 to %d".formatted(given, PORT_MAX));
        }
        port = given;
    }

    String host() {
        return host;
    }

    /** Returns the port; 0 for a free port. */
    int port() {
        return port;
    }
}
