package io.gpuctl.cli.admin;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.events.kafka.access.ServiceUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Creates users with passwords on a Kafka cluster that stores its users itself. */
@Command(
        name = "users",
        description = {
            "Creates users with passwords (SASL SCRAM-SHA-512), or gives existing ones new passwords, on a Kafka"
                    + " cluster that stores its users itself. Needs an administrator's user in --kafka-config.",
            "gpuctl kafka acls sets the rights of the users."
        },
        mixinStandardHelpOptions = true)
final class UsersCommand implements Callable<Integer> {
    /** The default of Kafka. The length of the password, not this number, protects against guessing. */
    private static final int ITERATIONS = 4_096;

    private static final int PASSWORD_BYTES_MAX = 1_024;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Mixin
    private AdminConnection connection = new AdminConnection();

    @Mixin
    private PrincipalOptions principals = new PrincipalOptions();

    @Option(
            names = "--password-file",
            paramLabel = "WHO=FILE",
            required = true,
            description =
                    "A file that holds the password of orchestrator, api, nodes, auditor or deployer in its first and"
                            + " only line; may be repeated.")
    private Map<String, Path> passwordFiles = new LinkedHashMap<>();

    @Override
    public Integer call() throws InterruptedException {
        Map<ServiceUser, String> names = principals.principals();
        List<UserScramCredentialAlteration> alterations = new ArrayList<>();
        passwordFiles.forEach((who, file) -> {
            String principal = names.getOrDefault(principals.user("--password-file", who), "");
            alterations.add(new UserScramCredentialUpsertion(
                    PrincipalOptions.name(principal),
                    new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
                    password(file)));
        });
        connection.ask(
                admin -> admin.alterUserScramCredentials(alterations).all().get());
        alterations.forEach(user -> spec.commandLine().getOut().println("set the password of User:" + user.user()));
        return 0;
    }

    private static String password(Path file) {
        try {
            if (Files.size(file) > PASSWORD_BYTES_MAX) {
                throw new CommandFailedException(
                        "--password-file: %s has more than %d bytes, but must have one line, which is the password"
                                .formatted(file, PASSWORD_BYTES_MAX));
            }
            List<String> lines = Files.readAllLines(file);
            if (lines.size() != 1 || lines.getFirst().isBlank()) {
                throw new CommandFailedException(
                        "--password-file: %s has %d lines, but must have one line, which is the password"
                                .formatted(file, lines.size()));
            }
            return lines.getFirst();
        } catch (IOException e) {
            throw new CommandFailedException(
                    "--password-file: %s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
        }
    }
}
