package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.kafka.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs this program on the log of a newer program: each part of this program stops before the first record that it
 * cannot read, says why, and loses nothing. The newer program can then continue.
 */
@Timeout(600)
class NewerLogIT {
    private static final String SENTENCE =
            new NewerLogError(new ReaderVersion(ReaderVersion.ofThisProgram().number() + 1)).sentence();
    private static final List<String> GROUPS = List.of(Topics.ORCHESTRATORS, Topics.VIEWS);

    @TempDir
    private Path directory;

    private String newer;
    private String kafka;

    @BeforeEach
    void prepare() throws Exception {
        newer = NewerProgram.javaOption(directory);
    }

    @Test
    void stopsAnOlderProgramThatLosesNothing() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("kafka")))) {
            kafka = broker.bootstrapServers();
            runTask("");
            runTask(newer);
            Map<TopicPartition, Long> before = positions();
            Map<String, Long> written = factsAndDeadLetters();

            assertThat(older("run", "orchestrator", "--kafka", kafka, "--data", data("older"), "--instance", "older"))
                    .contains("gpuctl: The orchestrator has stopped: " + SENTENCE);
            assertThat(older(
                            "run",
                            "api",
                            "--kafka",
                            kafka,
                            "--data",
                            data("older"),
                            "--instance",
                            "older",
                            "--port",
                            Integer.toString(GpuctlProcess.freePort())))
                    .contains("gpuctl: The API has stopped: " + SENTENCE);
            assertThat(older(
                            "up",
                            "--kafka",
                            kafka,
                            "--data",
                            data("up"),
                            "--nodes",
                            "2",
                            "--port",
                            Integer.toString(GpuctlProcess.freePort())))
                    .contains(SENTENCE);
            assertThat(older("verify", "--kafka", kafka)).contains("gpuctl: " + SENTENCE);
            assertThat(older("log", "metrics", "--kafka", kafka, "-o", data("metrics.txt")))
                    .contains("gpuctl: " + SENTENCE);
            // An export copies bytes, and does not read the facts.
            assertThat(GpuctlProcess.run(directory, "log", "export", "--kafka", kafka, "-o", data("log"))
                            .exitCode())
                    .isZero();
            assertThat(older("replay", data("log"))).contains("gpuctl: " + SENTENCE);
            // The replay repeats the decisions of both programs.
            var replayed = GpuctlProcess.runWith(newer, directory, "replay", data("log"));
            assertThat(replayed.exitCode()).as(replayed.out()).isZero();

            assertThat(positions()).isEqualTo(before);
            assertThat(factsAndDeadLetters()).isEqualTo(written);

            runTask(newer);
            var verified = GpuctlProcess.runWith(newer, directory, "verify", "--kafka", kafka);
            assertThat(verified.exitCode()).as(verified.out()).isZero();
            assertThat(verified.out()).contains("no violations");
        }
    }

    private String data(String name) {
        return directory.resolve(name).toString();
    }

    /** Runs this program, which must fail. */
    private String older(String... args) throws Exception {
        CommandRun run = GpuctlProcess.run(directory, args);
        assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
        return run.out();
    }

    /** Runs a task on a whole cluster, and then stops the cluster. */
    private void runTask(String javaOption) throws Exception {
        String port = Integer.toString(GpuctlProcess.freePort());
        try (var up = GpuctlProcess.startWith(
                javaOption,
                directory.resolve("up.out"),
                "up",
                "--kafka",
                kafka,
                "--data",
                data("cluster"),
                "--nodes",
                "2",
                "--port",
                port)) {
            up.awaitOutput("ready in");
            var submitted =
                    CommandRun.of(URI.create("http://localhost:" + port), "submit", "--duration", "100ms", "--wait");
            assertThat(submitted.exitCode()).as(up.output()).isZero();
            up.terminate();
            assertThat(up.awaitExit()).as(up.output()).isZero();
        }
    }

    /**
     * Returns the committed positions of the orchestrators and the views in the facts and in the inputs of the facts.
     */
    private Map<TopicPartition, Long> positions() throws Exception {
        Map<TopicPartition, Long> positions = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            for (String group : GROUPS) {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get();
                committed.forEach((partition, offset) -> {
                    if (partition.topic().equals(Topics.CLUSTER_EVENTS.name()) || group.equals(Topics.ORCHESTRATORS)) {
                        positions.put(partition, offset.offset());
                    }
                });
            }
        }
        assertThat(positions).isNotEmpty();
        return positions;
    }

    private Map<String, Long> factsAndDeadLetters() throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        ends.put(new TopicPartition(Topics.DEAD_LETTERS.name(), 0), OffsetSpec.latest());
        for (int partition = 0; partition < Topics.POOL_PARTITIONS; partition++) {
            ends.put(new TopicPartition(Topics.CLUSTER_EVENTS.name(), partition), OffsetSpec.latest());
        }
        Map<String, Long> counts = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.listOffsets(ends)
                    .all()
                    .get()
                    .forEach((partition, end) -> counts.put(partition.toString(), end.offset()));
        }
        return counts;
    }
}
