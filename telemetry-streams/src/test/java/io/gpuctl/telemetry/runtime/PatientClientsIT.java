package io.gpuctl.telemetry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a producer whose broker becomes unavailable between a record and the end of its transaction. */
@Timeout(120)
class PatientClientsIT {
    private static final String TOPIC = "t";
    private static final long WAIT_MS = 500;

    @TempDir
    Path directory;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private EmbeddedBroker broker;

    @BeforeEach
    void startBroker() throws Exception {
        broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    @AfterEach
    void stop() throws Exception {
        thread.shutdownNow();
        assertThat(thread.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        broker.close();
    }

    @Test
    void aCommitOutlastsABrokerThatIsAway() throws Exception {
        try (Producer<byte[], byte[]> producer = producer()) {
            producer.send(record("a")).get();

            callWhileTheBrokerIsAway(producer::commitTransaction);

            awaitCommitted("a");
        }
    }

    @Test
    void anAbortOutlastsABrokerThatIsAway() throws Exception {
        try (Producer<byte[], byte[]> producer = producer()) {
            producer.send(record("a")).get();

            callWhileTheBrokerIsAway(producer::abortTransaction);

            producer.beginTransaction();
            producer.send(record("b")).get();
            producer.commitTransaction();
            awaitCommitted("b");
        }
    }

    /** Stops the broker for longer than one call of Kafka's own producer waits. */
    private void callWhileTheBrokerIsAway(Runnable end) throws Exception {
        int port = port();
        broker.close();
        CompletableFuture<Void> ended = CompletableFuture.runAsync(end, thread);
        assertThatThrownBy(() -> ended.get(4 * WAIT_MS, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        broker = EmbeddedBroker.start(new EmbeddedBroker.Config(directory, port));
        ended.get(60, TimeUnit.SECONDS);
    }

    /** Returns a producer that has begun a transaction. */
    private Producer<byte[], byte[]> producer() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "transactional.id", "one",
                "max.block.ms", String.valueOf(WAIT_MS));
        Producer<byte[], byte[]> producer = new PatientClients().getProducer(settings);
        await().ignoreExceptionsInstanceOf(org.apache.kafka.common.errors.TimeoutException.class)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(producer::initTransactions);
        producer.beginTransaction();
        return producer;
    }

    private static ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>(TOPIC, value.getBytes(StandardCharsets.UTF_8));
    }

    private int port() {
        String address = broker.bootstrapServers();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** A commit returns once the coordinator has recorded it, before the partitions know. */
    private void awaitCommitted(String value) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(committed()).containsExactly(value));
    }

    /** Reads the values that are committed now. */
    private List<String> committed() {
        var partition = new TopicPartition(TOPIC, 0);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            var values = new ArrayList<String>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
