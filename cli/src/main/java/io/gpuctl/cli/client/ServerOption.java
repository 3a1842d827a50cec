package io.gpuctl.cli.client;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The address of the API: a mixin of every command that is a client of the API. */
final class ServerOption {

    private static final String DEFAULT = "http://localhost:8080";

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec mixee;

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:GPUCTL_SERVER:-" + DEFAULT + "}",
            description = "Address of the API (default: the environment's GPUCTL_SERVER, else " + DEFAULT + ").")
    private String server = DEFAULT;

    /** Returns a client for that address; the caller closes the client. */
    ApiClient connect() {
        try {
            String url = server.contains("://") ? server : "http://" + server;
            URI uri = new URI(url);
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp && uri.getHost() != null) {
                return new ApiClient(uri);
            }
        } catch (URISyntaxException _) {
            // Reported below, as for every other invalid address.
        }
        throw new ParameterException(
                mixee.commandLine(),
                "The server's address '%s' is not valid: write it like %s, in --server or GPUCTL_SERVER"
                        .formatted(server, DEFAULT));
    }
}
