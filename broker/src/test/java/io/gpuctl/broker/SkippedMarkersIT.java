package io.gpuctl.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A record that the coordinator does not know of has the same effect as a skipped marker: a transaction that is
 * complete, but open in a partition.
 */
class SkippedMarkersIT {
    private static final TopicPartition KNOWN = new TopicPartition("known", 0);
    private static final TopicPartition SKIPPED = new TopicPartition("skipped", 0);

    @TempDir
    Path directory;

    @Test
    void theNextStartWritesWhatWasDecided() throws Exception {
        var trusting = new EmbeddedBroker.Config(
                directory, 0, Duration.ofMinutes(1), Map.of("transaction.partition.verification.enable", "false"));
        try (var broker = EmbeddedBroker.start(trusting);
                var admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic("known", 1, (short) 1), new NewTopic("skipped", 1, (short) 1)))
                    .all()
                    .get();
            try (var producer = producer(broker, "committing")) {
                begin(producer, "committed");
                producer.commitTransaction();
                skip(broker, admin, "committing", "committed");
            }
            try (var producer = producer(broker, "aborting")) {
                begin(producer, "aborted");
                producer.abortTransaction();
                skip(broker, admin, "aborting", "aborted");
            }
            assertThat(openTransactions(admin)).isEqualTo(2);
        }
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var admin = admin(broker)) {
            assertThat(openTransactions(admin)).isZero();
            assertThat(committed(broker, KNOWN)).containsExactly("committed");
            assertThat(committed(broker, SKIPPED)).containsExactly("committed");
        }
    }

    private static void begin(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(KNOWN.topic(), value)).get();
    }

    /** Writes a record as if in the producer's last transaction, without the coordinator's knowledge. */
    private static void skip(EmbeddedBroker broker, Admin admin, String transactionalId, String value)
            throws Exception {
        TransactionDescription ended = admin.describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .get();
        MemoryRecords records = MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                ended.producerId(),
                (short) (ended.producerEpoch() - 1),
                0,
                new SimpleRecord(value.getBytes(UTF_8)));
        var topic = new ProduceRequestData.TopicProduceData()
                .setName(SKIPPED.topic())
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(0)
                        .setRecords(records)));
        var data = new ProduceRequestData()
                .setTransactionalId(transactionalId)
                .setAcks((short) -1)
                .setTimeoutMs(10_000)
                .setTopicData(new ProduceRequestData.TopicProduceDataCollection(
                        List.of(topic).iterator()));
        try (var connection =
                new BrokerConnection(admin.describeCluster().controller().get(), broker.clientSettings())) {
            var response = (ProduceResponse) connection.send(ProduceRequest.builder(data, true));
            assertThat(response.errorCounts()).containsOnlyKeys(Errors.NONE);
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker, String id) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", id),
                new StringSerializer(),
                new StringSerializer());
    }

    private static long openTransactions(Admin admin) throws Exception {
        return admin.describeProducers(List.of(KNOWN, SKIPPED)).all().get().values().stream()
                .flatMap(partition -> partition.activeProducers().stream())
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .count();
    }

    /** Returns what a reader of committed records gets, up to the end of all records. */
    private static List<String> committed(EmbeddedBroker broker, TopicPartition partition) {
        List<String> values = new ArrayList<>();
        try (var all = consumer(broker, "read_uncommitted");
                var reader = consumer(broker, "read_committed")) {
            long end = all.endOffsets(List.of(partition)).get(partition);
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long giveUpAtNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (reader.position(partition) < end && System.nanoTime() < giveUpAtNanos) {
                for (ConsumerRecord<String, String> record : reader.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedBroker broker, String isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", isolation),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
