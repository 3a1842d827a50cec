package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.admin.SecuredBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the services in processes of their own, each as a user with only the rights of its service, on a broker that
 * refuses everything that no rule allows.
 */
@Timeout(300)
class SecuredClusterIT {
    private static final int TASKS = 3;

    @TempDir
    private Path directory;

    @Test
    void everyServiceDoesItsWorkAsAUserThatMayDoNothingElse() throws Exception {
        try (var broker = SecuredBroker.start(directory)) {
            Path orchestrator = broker.addUserConfig("gpuctl-orchestrator");
            Path api = broker.addUserConfig("gpuctl-api");
            Path nodes = broker.addUserConfig("gpuctl-nodes");
            Path auditor = broker.addUserConfig("gpuctl-auditor");
            Path deployer = broker.addUserConfig("gpuctl-deployer");

            assertSaysWhatIsMissing(orchestrator, "gpuctl kafka acls --apply");
            assertDone(CommandRun.local(
                    "kafka",
                    "acls",
                    "--apply",
                    "--kafka-config",
                    broker.adminConfig().toString()));
            assertSaysWhatIsMissing(nodes, "gpuctl topics create");
            assertDone(CommandRun.local("topics", "create", "--kafka-config", deployer.toString()));

            int port = GpuctlProcess.freePort();
            try (var deciding = run("orchestrator", orchestrator, "--metrics-port", "" + GpuctlProcess.freePort());
                    var serving = run("api", api, "--port", "" + port);
                    var working =
                            run("simulator", nodes, "--nodes", "4", "--metrics-port", "" + GpuctlProcess.freePort())) {
                for (var service : List.of(deciding, serving, working)) {
                    service.awaitOutput("ready in");
                }
                for (int task = 0; task < TASKS; task++) {
                    assertDone(CommandRun.local(
                            "submit", "--duration", "200ms", "--wait", "--server", "http://localhost:" + port));
                }
                // A user with the right to describe the orchestrators' group knows whether an orchestrator runs.
                assertThat(get(port, "/health/ready"))
                        .contains("\"orchestrator\"")
                        .doesNotContain("not known");

                var verified = CommandRun.local("verify", "--kafka-config", auditor.toString());
                assertThat(verified.exitCode())
                        .as(verified.out() + verified.err())
                        .isZero();
                assertThat(verified.out()).doesNotContain("not compared");
                var exported = CommandRun.local(
                        "log", "export", "--kafka-config", auditor.toString(), "-o", directory.resolve("log") + "");
                assertThat(exported.exitCode()).as(exported.err()).isZero();
                assertDone(CommandRun.local("topics", "check", "--kafka-config", deployer.toString()));
            }
            assertThat(refusals()).isEmpty();
            assertThat(minInSyncSource(broker)).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
        }
    }

    private GpuctlProcess run(String service, Path config, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "run",
                service,
                "--instance",
                "one",
                "--kafka-config",
                config.toString(),
                "--data",
                directory.resolve("data").toString()));
        args.addAll(List.of(more));
        return GpuctlProcess.start(directory.resolve(service + ".out"), args.toArray(String[]::new));
    }

    private void assertSaysWhatIsMissing(Path config, String remedy) throws Exception {
        var refused = GpuctlProcess.run(
                directory,
                "run",
                "orchestrator",
                "--instance",
                "refused",
                "--kafka-config",
                config.toString(),
                "--data",
                directory.resolve("refused").toString());
        assertThat(refused.exitCode()).isEqualTo(77);
        assertThat(refused.out()).contains("cluster-events", remedy).doesNotContain("\tat ");
    }

    private static void assertDone(CommandRun run) {
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    }

    private static String get(int port, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    /** Returns the log lines about requests that Kafka refused: a service may have continued after a refusal. */
    private List<String> refusals() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : (Iterable<Path>) files.filter(path -> path.endsWith("gpuctl.log"))::iterator) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.contains("uthoriz"))
                        .forEach(lines::add);
            }
        }
        for (String service : List.of("orchestrator", "api", "simulator")) {
            Files.readAllLines(directory.resolve(service + ".out")).stream()
                    .filter(line -> line.contains("uthoriz"))
                    .forEach(lines::add);
        }
        return lines;
    }

    /** Returns the source of a changelog's min.insync.replicas: it must be gpuctl, not the broker's default. */
    private static ConfigEntry.ConfigSource minInSyncSource(SecuredBroker broker) throws Exception {
        var changelog =
                new ConfigResource(ConfigResource.Type.TOPIC, "gpuctl-orchestrator-orchestrator-state-changelog");
        try (var admin = Admin.create(Map.copyOf(broker.adminSettings()))) {
            return admin.describeConfigs(Set.of(changelog))
                    .all()
                    .get()
                    .get(changelog)
                    .get("min.insync.replicas")
                    .source();
        }
    }
}
