package io.gpuctl.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that does not tell the coordinator of a partition makes a transaction that is over, and open there for ever. */
class HangingOffsetsIT {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final List<TopicPartition> OFFSETS = IntStream.range(0, BrokerSettings.OFFSETS_PARTITIONS)
            .mapToObj(partition -> new TopicPartition("__consumer_offsets", partition))
            .toList();

    @TempDir
    Path directory;

    @Test
    void offsetsThatNobodyWouldEndAreEnded() throws Exception {
        var config = new EmbeddedBroker.Config(
                directory, 0, Duration.ofMinutes(1), Map.of("transaction.partition.verification.enable", "false"));
        try (var broker = EmbeddedBroker.start(config);
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "x"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "g"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(PARTITION, new OffsetAndMetadata(7)), consumer.groupMetadata());
            producer.commitTransaction();
            assertThat(openTransactions(admin)).isOne();

            await().atMost(Duration.ofMinutes(1)).until(() -> openTransactions(admin) == 0);
        }
    }

    private static long openTransactions(Admin admin) throws Exception {
        return admin.describeProducers(OFFSETS).all().get().values().stream()
                .flatMap(partition -> partition.activeProducers().stream())
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .count();
    }
}
