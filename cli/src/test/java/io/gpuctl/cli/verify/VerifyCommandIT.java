package io.gpuctl.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.audit.rules.Entry;
import io.gpuctl.audit.rules.RecordedCluster;
import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole command against a real broker, with the records of a small cluster. */
@Timeout(180)
class VerifyCommandIT {
    private static final String CHANGELOG = LogExtent.STORED_STATE;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int verify(String... args) {
        return new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
    }

    @Test
    void findsACleanClusterCleanBothRunningAndStopped() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory))) {
            write(broker.bootstrapServers(), RecordedCluster.eventful());

            int running = verify("--kafka", broker.bootstrapServers());
            int found = verify("--data", directory.toString());

            assertThat(out.toString()).endsWith("no violations" + System.lineSeparator());
            assertThat(running).isZero();
            assertThat(found).isZero();
        }

        int stopped = verify("--data", directory.toString(), "-o", "json");

        assertThat(stopped).isZero();
    }

    @Test
    void findsADamagedCluster() throws Exception {
        RecordedCluster cluster = RecordedCluster.eventful();
        var last = cluster.facts.removeLast();
        cluster.facts.add(cluster.facts.getLast());
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory))) {
            write(broker.bootstrapServers(), cluster);

            int exitCode = verify("--kafka", broker.bootstrapServers(), "-o", "json");

            JsonNode report = new ObjectMapper().readTree(out.toString());
            assertThat(exitCode).isEqualTo(1);
            assertThat(report.get("violations")).anySatisfy(violation -> {
                assertThat(violation.get("rule").asText()).isEqualTo("sequence");
                assertThat(violation.get("topic").asText()).isEqualTo("cluster-events");
                assertThat(violation.get("partition").asInt()).isEqualTo(RecordedCluster.PARTITION);
                assertThat(violation.get("offset").asLong())
                        .isEqualTo(last.place().offset());
            });
            assertThat(report.get("dead_letters").size()).isZero();
            assertThat(report.get("topics")
                            .get("task-commands")
                            .get("unreadable")
                            .asLong())
                    .isEqualTo(1);
        }
    }

    @Test
    void saysWhenThereIsNoBroker() {
        int exitCode = verify("--kafka", "127.0.0.1:1");

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).contains("127.0.0.1:1");
    }

    @Test
    void saysWhenThereIsNoCluster() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory))) {
            assertThat(verify("--kafka", broker.bootstrapServers())).isEqualTo(1);
            assertThat(err.toString()).contains("no topic task-commands");
        }
        assertThat(verify("--data", directory.resolve("nothing").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("contains no data of a cluster");
    }

    @Test
    void refusesAnUnknownFormat() {
        assertThat(verify("-o", "xml")).isEqualTo(2);
    }

    private static void write(String bootstrapServers, RecordedCluster cluster) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
                var producer = new KafkaProducer<byte @Nullable [], byte @Nullable []>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            TopicSetup.ensureTopics(admin);
            admin.createTopics(List.of(new NewTopic(CHANGELOG, Optional.of(4), Optional.empty())))
                    .all()
                    .get();
            write(producer, Topics.TASK_COMMANDS, cluster.commands);
            write(producer, Topics.TASK_REPORTS, cluster.reports);
            write(producer, Topics.NODE_EVENTS, cluster.nodeEvents);
            write(producer, Topics.PLACEMENTS, cluster.placements);
            write(producer, Topics.CLUSTER_EVENTS, cluster.facts);
            for (var stored : cluster.state.entrySet()) {
                byte[] key = stored.getKey().getBytes(StandardCharsets.UTF_8);
                byte[] value = stored.getValue().value();
                producer.send(new ProducerRecord<>(CHANGELOG, RecordedCluster.PARTITION, key, value))
                        .get();
            }
            // Any client may write such a record; its readers write it to dead-letters.
            producer.send(new ProducerRecord<>(
                            Topics.TASK_COMMANDS.name(),
                            RecordedCluster.PARTITION,
                            null,
                            "garbage".getBytes(StandardCharsets.UTF_8)))
                    .get();
            admin.alterConsumerGroupOffsets(
                            "gpuctl-orchestrator",
                            Map.of(
                                    new TopicPartition(Topics.TASK_COMMANDS.name(), RecordedCluster.PARTITION),
                                    new OffsetAndMetadata(cluster.commands.size())))
                    .all()
                    .get();
        }
    }

    private static <V> void write(
            KafkaProducer<byte @Nullable [], byte @Nullable []> producer, Topic<V> topic, List<Entry<V>> entries)
            throws Exception {
        try (var serializer = topic.serializer()) {
            for (Entry<V> entry : entries) {
                producer.send(new ProducerRecord<>(
                                topic.name(),
                                RecordedCluster.PARTITION,
                                null,
                                serializer.serialize(topic.name(), entry.value())))
                        .get();
            }
        }
    }
}
