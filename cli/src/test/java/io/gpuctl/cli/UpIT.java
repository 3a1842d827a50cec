package io.gpuctl.cli;

import static io.gpuctl.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, as a user starts it. */
class UpIT {

    @TempDir
    private Path directory;

    private String server;
    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        port = GpuctlProcess.freePort();
        server = "http://localhost:" + port;
    }

    private GpuctlProcess up(String... more) throws IOException {
        String[] args = {
            "up",
            "--port",
            Integer.toString(port),
            "--data",
            directory.resolve("data").toString()
        };
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of(more));
        if (!all.contains("--nodes")) {
            all.addAll(List.of("--nodes", "4"));
        }
        return GpuctlProcess.start(Files.createTempFile(directory, "up", ".out"), all.toArray(String[]::new));
    }

    /** Runs a client command in this JVM: the start of a process takes longer than the command. */
    private CommandRun gpuctl(String... args) {
        return CommandRun.of(URI.create(server), args);
    }

    @Test
    void runsTasksAndFindsThemAgainAfterAStopAndAfterAKill() throws Exception {
        try (var up = up().awaitOutput("ready in")) {
            assertThat(up.output()).contains("API    " + server, "4 nodes, 32 GPUs");

            var submitted = GpuctlProcess.run(
                    directory,
                    "submit",
                    "--id",
                    "short",
                    "--gpus",
                    "2",
                    "--duration",
                    "1s",
                    "--wait",
                    "--server",
                    server);
            assertThat(submitted.out()).contains("short completed in");
            assertThat(submitted.exitCode()).isZero();

            var failing = gpuctl("submit", "--duration", "100ms", "--exit-code", "3", "--max-attempts", "1", "--wait");
            assertThat(failing.exitCode()).isEqualTo(1);

            gpuctl("submit", "--id", "long", "--duration", "1h");
            assertThat(gpuctl("cancel", "task", "long", "--wait").exitCode()).isZero();
            assertThat(gpuctl("describe", "task", "long").out()).contains("cancelled");
            assertThat(gpuctl("describe", "task", "short").out()).containsPattern("Energy: +0\\.[1-9] kJ");
            assertThat(gpuctl("get", "users").out()).contains("anonymous", "kJ");
            assertThat(gpuctl("get", "status").out()).contains("Nodes:        4 healthy", "Energy:", "POOL");
            assertThat(gpuctl("get", "nodes", "-o", "json").out()).contains("A100-SXM4-80GB");
            assertThat(gpuctl("top", "gpus").out().lines()).hasSize(2 + 32).anyMatch(line -> line.startsWith("0/0 "));
            assertThat(gpuctl("top", "nodes", "-o", "json").out()).contains("\"power_watts\" : ");

            up.terminate();
            assertThat(up.awaitExit()).as(up.output()).isZero();
            assertThat(up.output().lines())
                    .as("what libraries warn of is for the log")
                    .noneMatch(line -> line.contains(" WARN "));
            assertThat(directory.resolve("data").resolve("gpuctl.log")).isNotEmptyFile();
        }
        try (var up = up().awaitOutput("ready in")) {
            assertThat(gpuctl("get", "tasks").out()).contains("short", "completed", "long", "cancelled");
            gpuctl("submit", "--id", "survivor", "--duration", "3s");
            up.kill();
        }
        try (var up = up("--log-format", "json", "--log-level", "info").awaitOutput("ready in")) {
            assertThat(gpuctl("get", "tasks").out()).contains("short", "survivor");
            assertThat(gpuctl("submit", "--id", "survivor", "--duration", "3s", "--wait")
                            .exitCode())
                    .as(up.output())
                    .isZero();
            up.terminate();
            assertThat(up.awaitExit()).as(up.output()).isZero();
            assertThat(messages(up.output()))
                    .as("each line is a message in JSON, and says what it is about")
                    .anyMatch(message -> message.path("task").asText().equals("survivor")
                            && message.path("attempt").isInt()
                            && message.path("pool").asText().equals("default"))
                    .anyMatch(message -> message.path("message").asText().startsWith("ready in"));
        }
    }

    private static List<JsonNode> messages(String output) {
        var json = new ObjectMapper();
        return output.lines()
                .map(line -> {
                    try {
                        return json.readTree(line);
                    } catch (JsonProcessingException e) {
                        throw new AssertionError("not a message in JSON: " + line, e);
                    }
                })
                .toList();
    }

    @Test
    void aForgottenTaskIsOnlyInTheLogAndItsIdIsFree() throws Exception {
        try (var up = up("--retain-finished", "1").awaitOutput("ready in")) {
            gpuctl("submit", "--id", "first", "--duration", "100ms", "--wait");
            gpuctl("submit", "--id", "second", "--duration", "100ms", "--wait");

            await().untilAsserted(() ->
                    assertThat(gpuctl("get", "task", "first").err()).contains("only the log has it"));
            assertThat(gpuctl("submit", "--id", "first", "--duration", "200ms", "--wait")
                            .out())
                    .as("another task")
                    .contains("first completed in");
            await().untilAsserted(() ->
                    assertThat(gpuctl("get", "tasks").out()).contains("first").doesNotContain("second"));
            up.terminate();
            assertThat(up.awaitExit()).as(up.output()).isZero();
        }
        var verified =
                CommandRun.local("verify", "--data", directory.resolve("data").toString());
        assertThat(verified.exitCode()).as(verified.out()).isZero();
    }

    @Test
    void aClusterWithoutNodesGetsThemLater() throws Exception {
        Path data = directory.resolve("data");
        try (var up = up("--nodes", "0").awaitOutput("ready in")) {
            assertThat(up.output()).contains("no nodes; gpuctl run simulator adds some");
            assertThat(gpuctl("get", "status").exitCode()).isZero();
            gpuctl("submit", "--id", "waiting", "--duration", "1s");
            await().untilAsserted(() ->
                    assertThat(gpuctl("get", "task", "waiting").out()).contains("queued", "NoNodes"));

            Path output = Files.createTempFile(directory, "simulator", ".out");
            String access = data.resolve("kafka-client.properties").toString();
            try (var _ = GpuctlProcess.start(
                    output, "run", "simulator", "--kafka-config", access, "--data", data.toString(), "--nodes", "2")) {
                await().untilAsserted(() ->
                        assertThat(gpuctl("get", "task", "waiting").out()).contains("completed"));
            }
        }
        assertThatAnImportIsItsOwnersAlone(data);
    }

    /**
     * Checks that only the owner can read the files of an import. The broker of an import writes files too, and a usual
     * umask would let other users read them.
     */
    private void assertThatAnImportIsItsOwnersAlone(Path data) throws Exception {
        String log = directory.resolve("log").toString();
        Path restored = directory.resolve("restored");
        GpuctlProcess.run(directory, "log", "export", "--data", data.toString(), "-o", log);
        assertThat(GpuctlProcess.run(directory, "log", "import", log, "--data", restored.toString())
                        .out())
                .contains("imported");

        try (var files = Files.walk(restored)) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .endsWith("------"));
        }
    }

    @Test
    void aStopCostsNoRunningTaskAnything() throws Exception {
        try (var up = up("--speed", "10").awaitOutput("ready in")) {
            gpuctl("submit", "--id", "one", "--gpus", "2", "--duration", "24h");
            gpuctl("submit", "--id", "gang", "--gpus", "16", "--max-nodes", "2", "--duration", "24h");
            for (String task : List.of("one", "gang")) {
                await().until(() -> gpuctl("describe", "task", task).out().contains("running"));
            }
            up.terminate();
            assertThat(up.awaitExit()).as(up.output()).isZero();
        }
        for (int stop = 0; stop < 2; stop++) {
            try (var up = up("--speed", "10").awaitOutput("ready in")) {
                gpuctl("submit", "--id", "after-" + stop, "--duration", "1s", "--wait");
                for (String task : List.of("one", "gang")) {
                    assertThat(gpuctl("get", "task", task, "-o", "json").out())
                            .as(up.output())
                            .contains("\"state\" : \"running\"", "\"attempt\" : 1");
                }
                up.terminate();
                assertThat(up.awaitExit()).as(up.output()).isZero();
            }
        }
        var verified = GpuctlProcess.run(
                directory, "verify", "--data", directory.resolve("data").toString());
        assertThat(verified.out()).contains("no violations");
    }

    @Test
    void runsAWorkloadToItsEnd() throws Exception {
        Path pods = Files.writeString(directory.resolve("pods.csv"), """
                name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time
                pod-1,1000,1024,8,1000,,LS,Running,0,100,0
                pod-2,1000,1024,1,500,,LS,Running,10,200,10
                never,1000,1024,1,1000,H999,LS,Running,20,200,20
                too-large,1000,1024,64,1000,,LS,Running,20,200,20
                """);

        try (var up = up("--workload", pods.toString(), "--speed", "100", "--once", "-o", "json")) {
            assertThat(up.awaitExit()).as(up.output()).isZero();
            assertThat(up.output()).contains("\"tasks_total\" : 4", "\"completed\" : 2", "\"rejected\" : 2");
        }
    }

    @Test
    void aSecondUpOnTheSameDirectorySaysWhoHasIt() throws Exception {
        try (var first = up().awaitOutput("ready in")) {
            var second = GpuctlProcess.run(
                    directory,
                    "up",
                    "--port",
                    "1",
                    "--data",
                    directory.resolve("data").toString());

            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.out()).contains("is in use by another gpuctl (process ");
            assertThat(first.output()).doesNotContain("Exception");
        }
    }

    @Test
    void aBrokerThatDoesNotAnswerIsToldSoon() throws Exception {
        int nobody = GpuctlProcess.freePort();

        var run = GpuctlProcess.run(
                directory,
                "up",
                "--kafka",
                "127.0.0.1:" + nobody,
                "--port",
                String.valueOf(GpuctlProcess.freePort()),
                "--data",
                directory.resolve("data").toString());

        assertThat(run.exitCode()).as(run.out()).isEqualTo(69);
        assertThat(run.out()).contains("Kafka at 127.0.0.1:" + nobody + " cannot be used: it does not answer");
    }
}
