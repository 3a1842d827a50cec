package io.gpuctl.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks which users can reach an embedded broker and its files. */
class AccessIT {
    @TempDir
    Path directory;

    @Test
    void onlyWhoCanReadTheFileOfAClientReachesABrokerWithAPassword() throws Exception {
        Path data = directory.resolve("data");
        Map<String, String> before;
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(data).withPassword())) {
            before = broker.clientSettings();
            Path file = EmbeddedBroker.clientSettingsFile(data);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(EmbeddedBroker.clientSettingsFileOfRunning(data)).contains(file);

            assertThat(nodes(properties(file))).isEqualTo(1);
            assertThatThrownBy(() -> nodes(Map.of("bootstrap.servers", broker.bootstrapServers())))
                    .hasCauseInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> nodes(withPassword(before, "guess")))
                    .hasCauseInstanceOf(SaslAuthenticationException.class);
        }

        assertThat(EmbeddedBroker.clientSettingsFileOfRunning(data)).isEqualTo(Optional.empty());
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(data).withPassword())) {
            assertThat(broker.clientSettings().get("sasl.jaas.config")).isEqualTo(before.get("sasl.jaas.config"));
        }

        Files.delete(EmbeddedBroker.clientSettingsFile(data));
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(data).withPassword())) {
            assertThat(broker.clientSettings().get("sasl.jaas.config")).isNotEqualTo(before.get("sasl.jaas.config"));
        }
    }

    /** The controller's port accepts requests that delete topics and change settings. */
    @Test
    void theControllersPortAsksForThePasswordToo() throws Exception {
        try (var broker =
                EmbeddedBroker.start(EmbeddedBroker.Config.in(directory).withPassword())) {
            String controller = controllerAddress(broker);

            var open = new HashMap<String, String>();
            open.put("bootstrap.controllers", controller);
            assertThatThrownBy(() -> nodes(open)).hasCauseInstanceOf(TimeoutException.class);

            open.putAll(broker.clientSettings());
            open.remove("bootstrap.servers");
            assertThat(nodes(open)).isEqualTo(1);
        }
    }

    @Test
    void aDirectoryThatWasOpenIsClosedToOtherUsers() throws Exception {
        Path log = Files.createDirectories(directory.resolve("data/kafka/topic-0"));
        Path segment = Files.createFile(log.resolve("0.log"));
        Path outside = Files.createFile(directory.resolve("outside"));
        Files.createSymbolicLink(log.resolve("link"), outside);
        for (Path open : new Path[] {segment, outside, log, log.getParent(), directory.resolve("data")}) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        DataDirectory.open(directory.resolve("data")).close();

        assertThat(permissions(directory.resolve("data"))).isEqualTo("rwx------");
        assertThat(permissions(log)).isEqualTo("rwx------");
        assertThat(permissions(segment)).isEqualTo("rwx------");
        assertThat(permissions(outside)).isEqualTo("rwxr-xr-x");
    }

    /** Independent of the umask of the process: an import starts a broker too. */
    @Test
    void theLockIsItsOwnersAlone() throws Exception {
        Path lock = directory.resolve("data/broker.lock");

        DataDirectory.open(lock.getParent()).close();
        assertThat(permissions(lock)).isEqualTo("rw-------");

        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-r--r--"));
        DataDirectory.open(lock.getParent()).close();
        assertThat(permissions(lock)).as("left open by an older version").isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String controllerAddress(EmbeddedBroker broker) throws Exception {
        try (var admin = Admin.create(new HashMap<String, Object>(broker.clientSettings()))) {
            var quorum = admin.describeMetadataQuorum().quorumInfo().get();
            var endpoint = quorum.nodes().values().iterator().next().endpoints().getFirst();
            return endpoint.host() + ":" + endpoint.port();
        }
    }

    private static int nodes(Map<String, String> settings) throws ExecutionException, InterruptedException {
        var config = new HashMap<String, Object>(settings);
        config.put("default.api.timeout.ms", 2_000);
        config.put("request.timeout.ms", 1_000);
        try (var admin = Admin.create(config)) {
            return admin.describeCluster().nodes().get().size();
        }
    }

    private static Map<String, String> withPassword(Map<String, String> settings, String password) {
        var other = new HashMap<>(settings);
        other.computeIfPresent(
                "sasl.jaas.config",
                (_, login) -> login.replaceAll("password=\"[^\"]*\"", "password=\"" + password + "\""));
        return other;
    }

    private static Map<String, String> properties(Path file) throws Exception {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        var settings = new HashMap<String, String>();
        properties.forEach((name, value) -> settings.put(name.toString(), value.toString()));
        return settings;
    }
}
