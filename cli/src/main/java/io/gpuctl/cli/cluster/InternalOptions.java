package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.input.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The port on which an API answers the other instances: a mixin. */
final class InternalOptions {

    private static final String SECRET_VARIABLE = "GPUCTL_INTERNAL_SECRET";
    private static final int SECRET_LENGTH_MIN = 16;
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern ADVERTISED =
            Pattern.compile("(?<host>\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:(?<port>\\d{1,5}))?");

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it.
    private CommandSpec mixee;

    @Option(
            names = "--internal-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port for the other instances of the API (default: a free one, which they learn from Kafka).")
    private int port;

    @Option(
            names = "--advertise",
            paramLabel = "HOST[:PORT]",
            description = "Address at which the other instances reach that port (default: the listening address, or"
                    + " this machine's name if that is 0.0.0.0). Needs a secret.")
    private @Nullable String advertise;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = {
                "A file with the secret that all instances of the API share, at least 16 characters (default: the"
                        + " environment's " + SECRET_VARIABLE + ").",
                "Without a secret, the port for other instances is on 127.0.0.1: only instances on this machine can connect."
            })
    private @Nullable Path secretFile;

    /**
     * The port for other instances.
     *
     * @param host the address to listen on
     * @param advertised the address for the other instances, as {@code host:port}; port 0 for the port that is chosen
     * @param secret the secret that the instances share
     */
    record InternalPort(String host, int port, String advertised, Optional<String> secret) {

        /** Returns the port of a process that has other instances only on this machine, if any. */
        static InternalPort ofThisMachine() {
            return new InternalPort(LOOPBACK, 0, "localhost:0", Optional.ofNullable(System.getenv(SECRET_VARIABLE)));
        }

        /** Returns the advertised address without the port. */
        String advertisedHost() {
            return advertised.substring(0, advertised.lastIndexOf(':'));
        }
    }

    InternalPort port(ListenOptions listen) {
        var secret = secret();
        if (secret.isEmpty()) {
            if (advertise != null) {
                throw new ParameterException(
                        mixee.commandLine(),
                        "--advertise needs a secret, in --secret-file or %s: without a secret, only instances on this machine can connect"
                                .formatted(SECRET_VARIABLE));
            }
            return new InternalPort(LOOPBACK, port, "localhost:" + port, secret);
        }
        return new InternalPort(listen.host(), port, advertised(listen), secret);
    }

    private String advertised(ListenOptions listen) {
        if (advertise == null) {
            return listen.advertisedHost() + ":" + port;
        }
        var matcher = ADVERTISED.matcher(advertise);
        if (!matcher.matches()) {
            throw new ParameterException(
                    mixee.commandLine(), "--advertise is '%s', but must be HOST or HOST:PORT".formatted(advertise));
        }
        return matcher.group("host") + ":" + (matcher.group("port") == null ? port : matcher.group("port"));
    }

    private Optional<String> secret() {
        String secret = secretFile == null ? System.getenv(SECRET_VARIABLE) : read(secretFile);
        if (secret == null || secret.isBlank()) {
            return Optional.empty();
        }
        if (!secret.matches("[!-~]{" + SECRET_LENGTH_MIN + ",1000}")) {
            throw new ParameterException(
                    mixee.commandLine(),
                    "The secret must have from %d to 1000 characters, of ASCII and without spaces"
                            .formatted(SECRET_LENGTH_MIN));
        }
        return Optional.of(secret);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The secret in %s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
        }
    }

    /** Returns whether the operator configured the name under which other machines reach this one. */
    boolean isAdvertised() {
        return advertise != null;
    }

    /** Returns what the operator must know about the port; empty if the options are complete. */
    Optional<String> hint(ListenOptions listen) {
        return listen.isLocal() || secret().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "Without a secret (--secret-file), instances on other machines cannot connect to this one.");
    }
}
