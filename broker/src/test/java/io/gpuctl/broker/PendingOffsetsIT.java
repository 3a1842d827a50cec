package io.gpuctl.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PendingOffsetsIT {
    private static final TopicPartition PARTITION = new TopicPartition("letters", 0);
    private static final String GROUP = "readers";

    @TempDir
    Path directory;

    @Test
    void areKnownWhileNobodyCommits() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var admin = admin(broker)) {
            assertThat(PendingOffsets.areKnown(admin, broker.clientSettings())).isTrue();
        }
    }

    @Test
    void areKnownWhileTheirTransactionIsOpenAndAfterItsEnd() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var admin = admin(broker);
                var producer = producer(broker)) {
            beginToCommit(7, producer, broker, admin);
            assertThat(PendingOffsets.areKnown(admin, broker.clientSettings())).isTrue();

            producer.commitTransaction();
            assertThat(PendingOffsets.areKnown(admin, broker.clientSettings())).isTrue();
            assertThat(committed(broker)).isEqualTo(7);
        }
    }

    /** The check looks in another log, where the transaction is over. */
    @Test
    void areNotKnownIfTheyArePendingWhileTheirTransactionIsOver() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var admin = admin(broker);
                var producer = producer(broker)) {
            beginToCommit(7, producer, broker, admin);
            assertThat(PendingOffsets.areKnown(admin, broker.clientSettings(), List.of(PARTITION)))
                    .isFalse();

            producer.commitTransaction();
            assertThat(PendingOffsets.areKnown(admin, broker.clientSettings(), List.of(PARTITION)))
                    .isTrue();
        }
    }

    @Test
    void aBrokerThatDoesNotPassIsStartedAnew() throws Exception {
        List<String> addresses = new ArrayList<>();
        EmbeddedBroker.Inspection secondTime = (admin, _) -> {
            addresses.add(admin.describeCluster().controller().get().toString());
            return addresses.size() == 2;
        };

        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory), secondTime);
                var admin = admin(broker)) {
            assertThat(addresses).hasSize(2);
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        }
    }

    private static void beginToCommit(
            long offset, KafkaProducer<String, String> producer, EmbeddedBroker broker, Admin admin) throws Exception {
        admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
                .all()
                .get();
        producer.initTransactions();
        // A group without committed offsets is not listed.
        try (var reader = reader(broker)) {
            reader.commitSync(Map.of(PARTITION, new OffsetAndMetadata(1)));
        }
        producer.beginTransaction();
        try (var reader = reader(broker)) {
            producer.sendOffsetsToTransaction(Map.of(PARTITION, new OffsetAndMetadata(offset)), reader.groupMetadata());
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "reader"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static long committed(EmbeddedBroker broker) {
        try (var reader = reader(broker)) {
            return reader.committed(Set.of(PARTITION)).get(PARTITION).offset();
        }
    }

    private static KafkaConsumer<String, String> reader(EmbeddedBroker broker) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        GROUP,
                        "isolation.level",
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
