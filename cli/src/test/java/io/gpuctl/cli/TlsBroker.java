package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A broker with four listeners: SASL_SSL with SCRAM and PLAIN, SSL with a client certificate, an open listener for the
 * test itself, and the controller's listener. Every user may do everything that is not denied.
 */
final class TlsBroker implements AutoCloseable {

    static final String USER = "gpuctl";

    /** Contains each character that has a special meaning in a file, in JAAS or in Quarkus' configuration. */
    static final String PASSWORD = "p$w,\\$${env:PATH}\\\"=';#";

    private static final String STORE_PASSWORD = "changeit";
    private static final int SCRAM_ITERATIONS = 4_096;

    private final Path directory;
    private final EmbeddedBroker broker;
    private final int saslPort;
    private final int tlsPort;

    private TlsBroker(Path directory, EmbeddedBroker broker, int saslPort, int tlsPort) {
        this.directory = directory;
        this.broker = broker;
        this.saslPort = saslPort;
        this.tlsPort = tlsPort;
    }

    static TlsBroker start(Path directory) throws Exception {
        return start(directory, "-validity", "2");
    }

    /** Starts a broker with a certificate that was valid until yesterday. */
    static TlsBroker startExpired(Path directory) throws Exception {
        return start(directory, "-startdate", "-3d", "-validity", "2");
    }

    private static TlsBroker start(Path directory, String... validity) throws Exception {
        makeKey(directory, "broker", validity);
        makeKey(directory, "client", "-validity", "2");
        int open = GpuctlProcess.freePort();
        int controller = GpuctlProcess.freePort();
        int sasl = GpuctlProcess.freePort();
        int tls = GpuctlProcess.freePort();
        String store = directory.resolve("broker.p12").toString();
        var config = new EmbeddedBroker.Config(
                directory.resolve("broker"),
                open,
                Duration.ofMinutes(2),
                Map.ofEntries(
                        Map.entry(
                                "listeners",
                                "BROKER://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d,SASL://127.0.0.1:%d,TLS://127.0.0.1:%d"
                                        .formatted(open, controller, sasl, tls)),
                        Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
                        Map.entry(
                                "listener.security.protocol.map",
                                "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_SSL,TLS:SSL"),
                        Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-512,PLAIN"),
                        Map.entry(
                                "listener.name.sasl.scram-sha-512.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule required;"),
                        Map.entry(
                                "listener.name.sasl.plain.sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\";"
                                        .formatted(USER, jaasEscaped(PASSWORD))),
                        Map.entry("ssl.keystore.location", store),
                        Map.entry("ssl.keystore.password", STORE_PASSWORD),
                        Map.entry("listener.name.tls.ssl.client.auth", "required"),
                        Map.entry("listener.name.tls.ssl.truststore.type", "PEM"),
                        Map.entry(
                                "listener.name.tls.ssl.truststore.location",
                                directory.resolve("client.pem").toString()),
                        Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                        Map.entry("super.users", "User:ANONYMOUS"),
                        Map.entry("allow.everyone.if.no.acl.found", "true"),
                        Map.entry("log.flush.interval.messages", String.valueOf(Long.MAX_VALUE))));
        var started = new TlsBroker(directory, EmbeddedBroker.start(config), sasl, tls);
        try (var admin = started.admin()) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, SCRAM_ITERATIONS), PASSWORD)))
                    .all()
                    .get();
        }
        return started;
    }

    /**
     * Makes a key that its own authority has signed, as PKCS#12 and as PEM, and the authority's certificate as PEM. A
     * client that trusts the broker's certificate itself would not check whether the certificate has expired.
     */
    private static void makeKey(Path directory, String name, String... validity) throws Exception {
        Path store = directory.resolve(name + ".p12");
        generate(store, "authority", "bc:c", "-validity", "2");
        var signed = new ArrayList<>(List.of("-signer", "authority"));
        signed.addAll(List.of(validity));
        generate(store, name, "san=ip:127.0.0.1,dns:localhost", signed.toArray(String[]::new));
        Path authority = directory.resolve(name + ".pem");
        keytool(store, List.of("-exportcert", "-rfc", "-alias", "authority", "-file", authority.toString()));
        keytool(store, List.of("-delete", "-alias", "authority"));
        Path certificate = directory.resolve(name + "-certificate.pem");
        keytool(store, List.of("-exportcert", "-rfc", "-alias", name, "-file", certificate.toString()));
        var keys = KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
        var key = keys.getKey(name, STORE_PASSWORD.toCharArray());
        String encoded = Base64.getMimeEncoder().encodeToString(key.getEncoded());
        Files.writeString(
                directory.resolve(name + "-key.pem"),
                "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n"
                        + Files.readString(certificate));
    }

    private static void generate(Path store, String name, String extension, String... more)
            throws IOException, InterruptedException {
        var command =
                new ArrayList<>(List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-dname", "CN=" + name, "-ext", extension));
        command.addAll(List.of(more));
        keytool(store, command);
    }

    private static void keytool(Path store, List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(keytool.exitValue()).as(output).isZero();
    }

    private static String jaasEscaped(String password) {
        return password.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    static String jaas(String module, String user, String password) {
        return "org.apache.kafka.common.security.%s required username=\"%s\" password=\"%s\";"
                .formatted(module, user, jaasEscaped(password));
    }

    static String scram(String user, String password) {
        return jaas("scram.ScramLoginModule", user, password);
    }

    /**
     * Returns the settings file of a client of the listener for SASL. The file refers to a folder with a file for each
     * value, like a mounted Kubernetes secret.
     */
    Path saslFile(String mechanism, String jaas, Path truststore) throws IOException {
        Path folder = Files.createTempDirectory(directory, "user");
        Files.writeString(folder.resolve("sasl.jaas.config"), jaas + "\n");
        return Files.writeString(
                folder.resolve("kafka.properties"), """
                config.providers=dir
                bootstrap.servers=%s
                security.protocol=SASL_SSL
                sasl.mechanism=%s
                sasl.jaas.config=${dir:%s:sasl.jaas.config}
                ssl.truststore.type=PEM
                ssl.truststore.location=%s
                """.formatted(address(), mechanism, folder, truststore));
    }

    /** Returns the settings file of the user that all services share. */
    Path userFile() throws IOException {
        return saslFile("SCRAM-SHA-512", scram(USER, PASSWORD), trusted());
    }

    /** Returns the settings file of a client of the listener that requires a certificate. */
    Path tlsFile() throws IOException {
        return Files.writeString(directory.resolve("tls.properties"), """
                bootstrap.servers=127.0.0.1:%d
                security.protocol=SSL
                ssl.truststore.type=PEM
                ssl.truststore.location=%s
                ssl.keystore.type=PEM
                ssl.keystore.location=%s
                """.formatted(
                        tlsPort, trusted(), directory.resolve("client-key.pem")));
    }

    Path trusted() {
        return directory.resolve("broker.pem");
    }

    /** Returns certificates of other authorities: one with another name, and one with the same name and another key. */
    List<Path> untrusted() throws Exception {
        Path other = Files.createTempDirectory(directory, "other");
        Path store = other.resolve("other.p12");
        Path certificate = other.resolve("other.pem");
        generate(store, "somebody", "bc:c", "-validity", "2");
        keytool(store, List.of("-exportcert", "-rfc", "-alias", "somebody", "-file", certificate.toString()));
        return List.of(certificate, directory.resolve("client.pem"));
    }

    String address() {
        return "127.0.0.1:" + saslPort;
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers(), "metric.reporters", ""));
    }

    void deny(ResourceType type, String name, AclOperation operation) throws ExecutionException, InterruptedException {
        try (var admin = admin()) {
            admin.createAcls(List.of(denied(type, name, operation))).all().get();
        }
    }

    void allow(ResourceType type, String name, AclOperation operation) throws ExecutionException, InterruptedException {
        try (var admin = admin()) {
            admin.deleteAcls(List.of(denied(type, name, operation).toFilter()))
                    .all()
                    .get();
        }
    }

    private static AclBinding denied(ResourceType type, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + USER, "*", operation, AclPermissionType.DENY));
    }

    @Override
    public void close() {
        broker.close();
    }
}
