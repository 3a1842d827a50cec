package io.gpuctl.cli.cluster;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
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

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            split = ",",
            description = "Another name under which clients reach the API, for example that of a proxy or of a service;"
                    + " may be repeated. Requests for a name that is none of ours are refused.")
    private List<String> allowedHosts = List.of();

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

    /** Under which other machines reach it. */
    String advertisedHost() {
        return isLocal() ? "localhost" : host.equals(EVERYWHERE) ? InstanceName.machine() : bracketed();
    }

    /** All names under which it is reached, but for those of the loopback interface. */
    List<String> allowedHosts() {
        var all = new ArrayList<>(allowedHosts);
        all.add(host);
        all.add(advertisedHost());
        return List.copyOf(all);
    }

    /** Whether only this machine reaches it. */
    boolean isLocal() {
        return host.equals(LOOPBACK);
    }

    private String bracketed() {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
