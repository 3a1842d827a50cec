package io.gpuctl.cli.cluster;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The address that the API listens on: a mixin. */
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
                    + " for all addresses (default: ${DEFAULT-VALUE}, only this machine).")
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
            description = "Another name under which clients reach the API, for example the name of a proxy or of a"
                    + " service; may be repeated. Requests for any other name are refused.")
    private List<String> allowedHosts = List.of();

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** Throws if the API cannot listen on this address. */
    void checkFree() {
        Ports.checkFree(host, port, "--port");
    }

    /** Returns the address under which this machine reaches the API. */
    URI address() {
        return URI.create("http://" + (isLocal() || host.equals(EVERYWHERE) ? "localhost" : bracketed()) + ":" + port);
    }

    /** Returns the host name under which other machines reach the API. */
    String advertisedHost() {
        return isLocal() ? "localhost" : host.equals(EVERYWHERE) ? InstanceName.machine() : bracketed();
    }

    /** Returns all host names of the API, without those of the loopback interface. */
    List<String> allowedHosts() {
        var all = new ArrayList<>(allowedHosts);
        all.add(host);
        all.add(advertisedHost());
        return List.copyOf(all);
    }

    /** Returns whether only this machine reaches the API. */
    boolean isLocal() {
        return host.equals(LOOPBACK);
    }

    private String bracketed() {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
