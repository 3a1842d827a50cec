package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs each kind of client on a broker that requires TLS and a password, and checks the message and the exit code of
 * each client that is refused.
 */
class SecuredKafkaIT {

    private static final int UNREACHABLE = 69;
    private static final int NOT_AUTHENTICATED = 76;
    private static final int NOT_AUTHORIZED = 77;
    private static final int UNSUITABLE = 78;

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private static TlsBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = TlsBroker.start(shared);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private GpuctlProcess run(String service, Path kafkaConfig, String... more) throws IOException {
        Path settings = Files.writeString(
                directory.resolve(service + ".yaml"), """
                kafka-config: %s
                data: %s
                instance: one
                simulator: {nodes: 2}
                """.formatted(kafkaConfig, directory.resolve("data")));
        var command = new ArrayList<>(List.of("run", service, "--config", settings.toString()));
        command.addAll(List.of(more));
        return GpuctlProcess.start(directory.resolve(service + ".out"), command.toArray(String[]::new));
    }

    @Test
    void everyKindOfClientReachesIt() throws Exception {
        Path user = broker.userFile();
        int port = GpuctlProcess.freePort();
        String server = "http://localhost:" + port;
        try (var orchestrator = run("orchestrator", user);
                var simulator = run("simulator", user);
                var api = run("api", user, "--port", String.valueOf(port))) {
            orchestrator.awaitOutput("ready in");
            simulator.awaitOutput("ready in");
            api.awaitOutput("ready in");

            assertThat(CommandRun.local("submit", "--duration", "1s", "--wait", "--server", server))
                    .satisfies(run -> assertThat(run.exitCode()).as(run.err()).isZero());
            assertThat(CommandRun.local(
                            "bench",
                            "latency",
                            "--rate",
                            "5",
                            "--seconds",
                            "2",
                            "--warmup",
                            "1",
                            "--server",
                            server,
                            "--kafka-config",
                            user.toString()))
                    .satisfies(run -> assertThat(run.exitCode()).as(run.err()).isZero());
            for (var service : List.of(orchestrator, simulator, api)) {
                assertThat(service.output()).doesNotContain(TlsBroker.PASSWORD);
            }
        }
        assertThat(CommandRun.local("verify", "--kafka-config", user.toString()).out())
                .contains("no violations");
        assertThat(CommandRun.local("chaos", "check", "--kafka-config", user.toString()))
                .satisfies(run -> assertThat(run.exitCode()).as(run.err()).isZero());
        String log = directory.resolve("log").toString();
        assertThat(CommandRun.local("log", "export", "--kafka-config", user.toString(), "-o", log))
                .satisfies(run -> assertThat(run.exitCode()).as(run.err()).isZero());
    }

    @Test
    void plainOverTlsAndClientCertificatesAreAccepted() throws Exception {
        String plain = TlsBroker.jaas("plain.PlainLoginModule", TlsBroker.USER, TlsBroker.PASSWORD);
        for (Path file : List.of(broker.saslFile("PLAIN", plain, broker.trusted()), broker.tlsFile())) {
            try (var admin = Admin.create(KafkaConnection.read(file, Map.of()).with(Map.of("metric.reporters", "")))) {
                assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            }
        }
    }

    @Test
    void aWrongPasswordIsToldWithAddressAndUserByEachKindOfCommand() throws Exception {
        Path wrong = broker.saslFile("SCRAM-SHA-512", TlsBroker.scram(TlsBroker.USER, "wrong"), broker.trusted());
        for (String service : List.of("orchestrator", "simulator", "api")) {
            try (var run = run(service, wrong, "--kafka-wait", "10m")) {
                assertThat(run.awaitExit()).as(run.output()).isEqualTo(NOT_AUTHENTICATED);
                assertThat(run.output().strip())
                        .hasLineCount(1)
                        .contains(broker.address(), "the user gpuctl is refused")
                        .doesNotContain("wrong\"");
            }
        }
        for (List<String> command : List.of(List.of("verify"), List.of("log", "export", "-o", "x"))) {
            assertRefused(NOT_AUTHENTICATED, "the user gpuctl is refused", command, wrong);
        }
    }

    private static void assertRefused(int code, String problem, List<String> command, Path kafkaConfig) {
        var all = new ArrayList<>(command);
        all.addAll(List.of("--kafka-config", kafkaConfig.toString()));
        CommandRun run = CommandRun.local(all.toArray(String[]::new));

        assertThat(run.err()).contains(problem).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(code);
    }

    @Test
    void aCertificateThatNobodyTrustsAndOneThatHasExpiredAreTold() throws Exception {
        for (Path others : broker.untrusted()) {
            assertRefused(
                    NOT_AUTHENTICATED,
                    "the broker's certificate is not signed by an authority that this client trusts",
                    List.of("verify"),
                    broker.saslFile("SCRAM-SHA-512", TlsBroker.scram("gpuctl", TlsBroker.PASSWORD), others));
        }
        try (var expired = TlsBroker.startExpired(directory)) {
            assertRefused(
                    NOT_AUTHENTICATED,
                    "the broker's certificate has expired (NotAfter:",
                    List.of("verify"),
                    expired.userFile());
        }
    }

    @Test
    void aRightThatIsTakenAwayEndsTheOrchestratorWithAWord() throws Exception {
        try (var orchestrator = run("orchestrator", broker.userFile())) {
            orchestrator.awaitOutput("ready in");
            broker.deny(ResourceType.TOPIC, Topics.TASK_COMMANDS.name(), AclOperation.READ);

            assertThat(orchestrator.awaitExit()).as(orchestrator.output()).isEqualTo(NOT_AUTHORIZED);
            assertThat(orchestrator.output())
                    .contains(
                            "gpuctl: The orchestrator has failed: Kafka at " + broker.address(),
                            "the user gpuctl may not read or write the topic task-commands");
        } finally {
            broker.allow(ResourceType.TOPIC, Topics.TASK_COMMANDS.name(), AclOperation.READ);
        }
    }

    @Test
    void topicsOfAnotherShapeAreTold() throws Exception {
        try (var other = TlsBroker.start(directory);
                var admin = other.admin()) {
            admin.createTopics(List.of(new NewTopic(Topics.TASK_COMMANDS.name(), 3, (short) 1)))
                    .all()
                    .get();

            try (var orchestrator = run("orchestrator", other.userFile())) {
                assertThat(orchestrator.awaitExit()).as(orchestrator.output()).isEqualTo(UNSUITABLE);
                assertThat(orchestrator.output()).contains("task-commands has 3 partitions");
            }
        }
    }

    @Test
    void aBrokerThatComesLaterIsWaitedForAndOneThatDoesNotComeIsNot() throws Exception {
        Path nobody = Files.writeString(
                directory.resolve("nobody.properties"), "bootstrap.servers=127.0.0.1:" + GpuctlProcess.freePort());
        try (var simulator = run("simulator", nobody, "--kafka-wait", "0s")) {
            assertThat(simulator.awaitExit()).as(simulator.output()).isEqualTo(UNREACHABLE);
            assertThat(simulator.output()).contains("127.0.0.1", "it does not answer", "Is a broker running there?");
        }
        int port = GpuctlProcess.freePort();
        Path later = Files.writeString(directory.resolve("later.properties"), "bootstrap.servers=127.0.0.1:" + port);
        try (var orchestrator =
                run("orchestrator", later, "--metrics-port", String.valueOf(GpuctlProcess.freePort()))) {
            orchestrator.awaitOutput("Kafka at 127.0.0.1:%d: it does not answer".formatted(port));
            try (var _ = EmbeddedBroker.start(
                    new EmbeddedBroker.Config(directory.resolve("later"), port, Duration.ofMinutes(2), Map.of()))) {
                orchestrator.awaitOutput("ready in");
            }
        }
    }
}
