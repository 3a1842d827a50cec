package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.DeadLetters;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orchestrator, views, simulator and API continue after each unreadable record, in every topic that they read. */
class UnreadableRecordsIT {

    private static final int PARTITION = PoolPartitioner.partition(PoolId.DEFAULT);
    private static final int LARGE_BYTES = 1_048_400;
    private static final int BOMB_BYTES = 30 << 20;
    private static final int OF_EACH_TOPIC = 4;

    /** The number of readers of each topic. Each reader writes unreadable records to the dead letters. */
    private static final Map<Topic<?>, Integer> READERS = Map.of(
            Topics.TASK_COMMANDS, 2,
            Topics.PLACEMENTS, 1,
            Topics.TASK_REPORTS, 1,
            Topics.NODE_EVENTS, 1,
            Topics.FAULT_INJECTIONS, 1,
            Topics.CLUSTER_EVENTS, 1,
            Topics.GPU_TELEMETRY, 1,
            Topics.NODE_CONDITIONS, 1);

    @TempDir
    private Path directory;

    @Test
    void areDeadLettersAndStopNobody() throws Exception {
        int port = GpuctlProcess.freePort();
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("kafka")));
                var up = GpuctlProcess.start(
                        directory.resolve("up.out"),
                        "up",
                        "--kafka",
                        broker.bootstrapServers(),
                        "--port",
                        Integer.toString(port),
                        "--data",
                        directory.resolve("data").toString(),
                        "--nodes",
                        "2")) {
            up.awaitOutput("ready in");
            letRecordsBeCompressed(broker.bootstrapServers());

            writeUnreadable(broker.bootstrapServers());

            var submitted = GpuctlProcess.run(
                    directory, "submit", "--duration", "100ms", "--wait", "--server", "http://localhost:" + port);
            assertThat(submitted.exitCode()).as(up.output()).isZero();
            Map<String, List<ConsumerRecord<byte[], byte[]>>> letters = awaitLetters(broker.bootstrapServers());
            READERS.forEach((topic, readers) ->
                    assertThat(letters.get(topic.name())).as(topic.name()).hasSize(readers * OF_EACH_TOPIC));
            assertThat(letters.get(Topics.PLACEMENTS.name()))
                    .extracting(letter -> header(letter, DeadLetters.VALUE_CUT + DeadLetters.LENGTH))
                    .contains(Integer.toString(BOMB_BYTES), Integer.toString(LARGE_BYTES));

            up.terminate();
            assertThat(up.awaitExit()).as(up.output()).isZero();
        }
    }

    /** Allows compressed records, as in topics of an older version: otherwise the broker refuses the bombs. */
    private static void letRecordsBeCompressed(String bootstrapServers) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (Topic<?> topic : READERS.keySet()) {
            changes.put(
                    new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
                    List.of(new AlterConfigOp(
                            new ConfigEntry("compression.type", "producer"), AlterConfigOp.OpType.SET)));
        }
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    private static void writeUnreadable(String bootstrapServers) throws Exception {
        byte[] random = new byte[LARGE_BYTES];
        new Random(1).nextBytes(random);
        try (var plain = producer(bootstrapServers, "none");
                var zipped = producer(bootstrapServers, "gzip")) {
            for (Topic<?> topic : READERS.keySet()) {
                write(plain, record(topic, null, random));
                write(zipped, record(topic, new byte[] {0}, new byte[BOMB_BYTES]));
                write(plain, record(topic, new byte[100_000], null));
                var decorated = record(topic, null, new byte[] {'{', '}'});
                for (int i = 0; i < 10_000; i++) {
                    decorated.headers().add("header-" + i, new byte[50]);
                }
                write(plain, decorated);
            }
        }
    }

    /** Returns a record. A compacted topic accepts no record without a key. */
    private static ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            Topic<?> topic, byte @Nullable [] key, byte @Nullable [] value) {
        byte[] ofCompacted = {1};
        return new ProducerRecord<byte @Nullable [], byte @Nullable []>(
                topic.name(), PARTITION, key == null && topic.isCompacted() ? ofCompacted : key, value);
    }

    private static KafkaProducer<byte @Nullable [], byte @Nullable []> producer(
            String bootstrapServers, String compression) {
        return new KafkaProducer<byte @Nullable [], byte @Nullable []>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "compression.type",
                        compression,
                        "max.request.size",
                        2 * BOMB_BYTES,
                        "buffer.memory",
                        4L * BOMB_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void write(
            KafkaProducer<byte @Nullable [], byte @Nullable []> producer,
            ProducerRecord<byte @Nullable [], byte @Nullable []> record)
            throws Exception {
        producer.send(record).get();
    }

    /** Waits for the dead letters, and returns them by the topic of the original record. */
    private static Map<String, List<ConsumerRecord<byte[], byte[]>>> awaitLetters(String bootstrapServers) {
        int expected = OF_EACH_TOPIC
                * READERS.values().stream().mapToInt(Integer::intValue).sum();
        Map<String, List<ConsumerRecord<byte[], byte[]>>> letters = new TreeMap<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partition = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                for (var letter : consumer.poll(Duration.ofMillis(200))) {
                    letters.computeIfAbsent(header(letter, DeadLetters.TOPIC_HEADER), _ -> new ArrayList<>())
                            .add(letter);
                }
                return letters.values().stream().mapToInt(List::size).sum() >= expected;
            });
        }
        return letters;
    }

    private static String header(ConsumerRecord<?, ?> letter, String name) {
        var header = letter.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
