package io.gpuctl.cli.admin;

import io.gpuctl.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A broker on which only the administrator has rights until rules grant rights to others. Uses SASL SCRAM for users,
 * and Kafka's own authorizer.
 */
public final class SecuredBroker implements AutoCloseable {
    private static final int ITERATIONS = 4_096;

    /** The administrator is the user with the embedded broker's own password. */
    private static final Map<String, String> SETTINGS = Map.of(
            "listener.name.broker.sasl.enabled.mechanisms",
            "PLAIN,SCRAM-SHA-512",
            "listener.name.broker.scram-sha-512.sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            "authorizer.class.name",
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users",
            "User:gpuctl",
            "allow.everyone.if.no.acl.found",
            "false");

    private final Path directory;
    private final EmbeddedBroker broker;

    private SecuredBroker(Path directory, EmbeddedBroker broker) {
        this.directory = directory;
        this.broker = broker;
    }

    public static SecuredBroker start(Path directory) {
        return start(directory, Map.of());
    }

    /** Starts a broker; {@code more} replaces or extends the broker's settings. */
    public static SecuredBroker start(Path directory, Map<String, String> more) {
        var config = EmbeddedBroker.Config.in(directory.resolve("kafka"))
                .with(SETTINGS)
                .with(more)
                .withPassword();
        return new SecuredBroker(directory, EmbeddedBroker.start(config));
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Returns the settings of a client that may do everything. */
    public Map<String, String> adminSettings() {
        return broker.clientSettings();
    }

    /** Returns a file for {@code --kafka-config} with these settings. */
    public Path adminConfig() throws IOException {
        return write("admin", adminSettings());
    }

    /** Creates a user with a password of its own; returns the settings of a client of this user. */
    public Map<String, String> addUser(String name) throws ExecutionException, InterruptedException {
        String password = "secret of " + name;
        try (var admin = Admin.create(Map.copyOf(adminSettings()))) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password)))
                    .all()
                    .get();
        }
        var settings = new TreeMap<>(adminSettings());
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(name, password));
        return settings;
    }

    /** Creates a user; returns the file for {@code --kafka-config}. */
    public Path addUserConfig(String name) throws IOException, ExecutionException, InterruptedException {
        return write(name, addUser(name));
    }

    private Path write(String name, Map<String, String> settings) throws IOException {
        var properties = new Properties();
        properties.putAll(settings);
        Path file = directory.resolve(name + ".properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }

    @Override
    public void close() {
        broker.close();
    }
}
