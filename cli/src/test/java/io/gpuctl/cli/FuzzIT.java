package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.fuzz.RecordFuzzer;
import io.gpuctl.cli.chaos.fuzz.RouteFuzzer;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.CommonClientConfigs;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole cluster in one process withstands mutated requests to every route, and mutated records in every topic. */
class FuzzIT {
    private static final Duration ROUTES_TIME = Duration.ofSeconds(25);
    private static final int RECORDS_EACH = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The seed of every build, so that each build sends the same; {@code -Dfuzz.seed=N} sets another seed. */
    private static final long SEED = 162_703;

    @TempDir
    private Path directory;

    @Test
    void aClusterStandsWhatAFuzzerSends() throws Exception {
        long seed = Long.getLong("fuzz.seed", SEED);
        System.out.println("FuzzIT: seed " + seed);
        var random = new SplittableRandom(seed);
        int port = GpuctlProcess.freePort();
        int kafkaPort = GpuctlProcess.freePort();
        try (var up = GpuctlProcess.start(
                        directory.resolve("up.out"),
                        "up",
                        "--nodes",
                        "4",
                        "--kafka-open",
                        "--port",
                        Integer.toString(port),
                        "--kafka-port",
                        Integer.toString(kafkaPort),
                        "--data",
                        directory.resolve("data").toString());
                var api = new ApiClient(URI.create("http://127.0.0.1:" + port))) {
            up.awaitOutput("ready in");
            requireItDecides(api, "before");

            new RouteFuzzer(api, random.split()).run(ROUTES_TIME);
            requireItDecides(api, "after-requests");

            var topics = Topics.ALL.stream().map(Topic::name).toList();
            Map<String, Object> kafka = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + kafkaPort);
            new RecordFuzzer(kafka, random.split()).run(topics, RECORDS_EACH);
            requireItDecides(api, "after-records");
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /**
     * Requires that the cluster decides about a task. The task needs no GPU, so it does not matter what the fuzzer did
     * to the nodes.
     */
    private static void requireItDecides(ApiClient api, String name) {
        Awaitility.await(name).atMost(PATIENCE).untilAsserted(() -> {
            String body = "{\"task_id\":\"%s\",\"gpus\":0,\"duration_ms\":1,\"priority\":\"high\"}".formatted(name);
            assertThat(api.post("/tasks", body).status()).isEqualTo(201);
            assertThat(api.get("/tasks/" + name + "/events").json().path("events"))
                    .isNotEmpty();
        });
    }
}
