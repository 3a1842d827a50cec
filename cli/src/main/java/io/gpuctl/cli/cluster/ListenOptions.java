package io.gpuctl.cli.cluster;

import java.net.URI;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where the API listens: a mixin. */
final class ListenOptions {

    private static final int PORT_MAX = 65_535;
    private static final String EVERYWHERE = "0.0.0.0";
    private static final String LOOPBACK = "127.0.0.1";

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it.
    private CommandSpec mixee;

    private int port = 8080;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = LOOPBACK,
            description = "Address that the API listens on: " + EVERYWHERE
                    + " for every one (default: ${DEFAULT-VALUE}, so only from this machine).")
    private String host = LOOPBACK;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of the API (default: ${DEFAULT-VALUE}).")
    void setPort(int given) {
        if (given < 1 || given > PORT_MAX) {
            throw new ParameterException(
                    mixee.commandLine(), "--port is %d, but must be from 1 to %d".formatted(given, PORT_MAX));
        }
        port = given;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** Throws if it cannot listen there. */
    void checkFree() {
        Ports.checkFree(host, port, "--port");
    }

    /** Where this machine reaches it. */
    URI address() {
        return URI.create("http://" + (isLocal() || host.equals(EVERYWHERE) ? "localhost" : bracketed()) + ":" + port);
    }

    /** Where other machines reach it, as {@code host:port}. */
    String advertised() {
        String name = isLocal() ? "localhost" : host.equals(EVERYWHERE) ? InstanceName.machine() : bracketed();
        return name + ":" + port;
    }

    private boolean isLocal() {
        return host.equals(LOOPBACK);
    }

    private String bracketed() {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
