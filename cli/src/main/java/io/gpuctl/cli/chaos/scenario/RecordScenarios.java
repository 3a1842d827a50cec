package io.gpuctl.cli.chaos.scenario;

import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Records that no part of the cluster would write, in every topic that the cluster reads. */
final class RecordScenarios {
    /** All topics that the cluster reads except the facts: a replay rejects facts that were not decided. */
    private static final List<String> TOPICS = List.of(
            "task-commands",
            "placements",
            "task-reports",
            "node-events",
            "fault-injections",
            "gpu-telemetry",
            "node-conditions");

    private static final int PARTITIONS = 4;
    /** A compacted topic accepts no record without a key. */
    private static final byte[] KEY = "garbage".getBytes(StandardCharsets.UTF_8);

    private static final int SHORT = 40;
    /** The largest record that a broker accepts, less the record's own overhead: the limit is 1 MiB. */
    private static final int LARGE = 1_048_400;

    private static final int BOMB = 30 << 20;

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "garbage",
                    "40 random bytes in every partition of every topic",
                    Use.ANYWHERE,
                    s -> garbage(s, SHORT)),
            new Scenario(
                    "large-garbage",
                    "1 MB of random bytes in every topic: the dead letter must not be too large",
                    Use.ALONE,
                    s -> garbage(s, LARGE)),
            new Scenario(
                    "garbage-facts",
                    "40 bytes and 1 MB of random data among the facts: every reader of facts continues",
                    Use.ALONE_FORGED,
                    RecordScenarios::garbageFacts),
            new Scenario(
                    "gzip-bomb",
                    "30 MB of zeros, compressed to 29 KB, in every topic",
                    Use.ALONE,
                    RecordScenarios::gzipBomb));

    private RecordScenarios() {}

    private static void garbage(Stage stage, int length) throws InterruptedException, ExecutionException {
        try (var producer = producer(stage, Map.of())) {
            for (String topic : TOPICS) {
                int partitions = length == LARGE ? 1 : PARTITIONS;
                for (int partition = 0; partition < partitions; partition++) {
                    byte[] value = new byte[length];
                    stage.random().nextBytes(value);
                    send(producer, topic, length == LARGE ? defaultPartition() : partition, value);
                }
            }
        }
        stage.say("%d random bytes in each of %d topics".formatted(length, TOPICS.size()));
        stage.awaitService();
    }

    private static void garbageFacts(Stage stage) throws InterruptedException, ExecutionException {
        try (var producer = producer(stage, Map.of())) {
            for (int length : List.of(SHORT, LARGE)) {
                byte[] value = new byte[length];
                stage.random().nextBytes(value);
                send(producer, "cluster-events", defaultPartition(), value);
            }
        }
        stage.awaitService();
    }

    private static void gzipBomb(Stage stage) throws InterruptedException {
        int refused = 0;
        try (var producer = producer(stage, Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip"))) {
            for (String topic : TOPICS) {
                try {
                    send(producer, topic, defaultPartition(), new byte[BOMB]);
                } catch (ExecutionException e) {
                    refused++; // By the broker, which is just as good.
                }
            }
        }
        stage.say(
                "%d MB of zeros in each of %d topics, refused %d times".formatted(BOMB >> 20, TOPICS.size(), refused));
        stage.awaitService();
    }

    /** Returns the partition of the pool {@code default}: murmur2 of its name, modulo four. */
    static int defaultPartition() {
        return Utils.toPositive(Utils.murmur2("default".getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }

    private static Producer<byte @Nullable [], byte @Nullable []> producer(Stage stage, Map<String, Object> more) {
        var settings = new HashMap<String, Object>(more);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 128L << 20);
        return stage.cluster().kafka().producer(settings);
    }

    private static void send(
            Producer<byte @Nullable [], byte @Nullable []> producer, String topic, int partition, byte[] value)
            throws InterruptedException, ExecutionException {
        producer.send(new ProducerRecord<>(topic, partition, KEY, value)).get();
    }
}
