package io.gpuctl.cli.admin;

import io.gpuctl.cli.output.Printable;
import io.gpuctl.events.kafka.access.ServiceUser;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The names of gpuctl's users on a Kafka cluster. */
final class PrincipalOptions {
    static final String TYPE = "User:";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it before it sets an option.
    private CommandSpec spec;

    @Option(
            names = "--user",
            paramLabel = "WHO=PRINCIPAL",
            description = "The Kafka principal of orchestrator, api, nodes, auditor or deployer, such as"
                    + " api=User:gpuctl-api, which is the default; may be repeated. Several may share one.")
    private Map<String, String> given = new LinkedHashMap<>();

    /** Returns the principal of each user. */
    Map<ServiceUser, String> principals() {
        Map<ServiceUser, String> principals = new EnumMap<>(ServiceUser.class);
        for (ServiceUser user : ServiceUser.values()) {
            principals.put(user, user.defaultPrincipal());
        }
        given.forEach((who, principal) -> principals.put(user("--user", who), requirePrincipal(who, principal)));
        return principals;
    }

    /** Returns the user that an option names. */
    ServiceUser user(String option, String who) {
        return Arrays.stream(ServiceUser.values())
                .filter(user -> user.toString().equals(who))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "%s is for '%s', but must be for one of %s"
                                .formatted(option, Printable.line(who), Arrays.toString(ServiceUser.values()))));
    }

    private String requirePrincipal(String who, String principal) {
        if (!principal.startsWith(TYPE) || name(principal).isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--user %s is '%s', but must be %sNAME".formatted(who, Printable.line(principal), TYPE));
        }
        return principal;
    }

    /** Returns the name of a principal, without its type. */
    static String name(String principal) {
        return principal.substring(TYPE.length());
    }
}
