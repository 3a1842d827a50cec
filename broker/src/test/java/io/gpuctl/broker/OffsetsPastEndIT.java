package io.gpuctl.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OffsetsPastEndIT {
    private static final TopicPartition SAMPLES = new TopicPartition("samples", 0);
    private static final TopicPartition LETTERS = new TopicPartition("letters", 0);
    private static final int RECORDS = 2;

    @TempDir
    Path directory;

    @Test
    void areMovedBackInATopicThatIsNotForcedToTheDisk() throws Exception {
        try (var broker = EmbeddedBroker.start(new EmbeddedBroker.Config(directory, 0))) {
            createTopics(broker);
            produce(broker);
            // Kafka accepts any offset, so this is the state of a group whose last records are lost.
            commit(broker, Map.of(SAMPLES, new OffsetAndMetadata(7), LETTERS, new OffsetAndMetadata(7)));
        }

        try (var broker = EmbeddedBroker.start(new EmbeddedBroker.Config(directory, 0));
                var reader = reader(broker)) {
            Map<TopicPartition, OffsetAndMetadata> committed = reader.committed(Set.of(SAMPLES, LETTERS));
            assertThat(committed.get(SAMPLES).offset()).isEqualTo(RECORDS);
            assertThat(committed.get(LETTERS).offset())
                    .as("damage is not hidden")
                    .isEqualTo(7);
        }
    }

    private static void createTopics(EmbeddedBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            NewTopic samples = new NewTopic(SAMPLES.topic(), Optional.of(1), Optional.empty())
                    .configs(Map.of("flush.messages", Long.toString(Long.MAX_VALUE)));
            NewTopic letters = new NewTopic(LETTERS.topic(), Optional.of(1), Optional.empty());
            admin.createTopics(List.of(samples, letters)).all().get();
        }
    }

    private static void produce(EmbeddedBroker broker) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int record = 0; record < RECORDS; record++) {
                producer.send(new ProducerRecord<>(SAMPLES.topic(), "sample")).get();
                producer.send(new ProducerRecord<>(LETTERS.topic(), "letter")).get();
            }
        }
    }

    /** Commits as a member that stays in its group for a while after it has closed, like members of Kafka Streams. */
    private static void commit(EmbeddedBroker broker, Map<TopicPartition, OffsetAndMetadata> offsets) {
        try (var reader = reader(broker)) {
            reader.subscribe(Set.of(SAMPLES.topic(), LETTERS.topic()));
            while (reader.assignment().isEmpty()) {
                reader.poll(Duration.ofMillis(100));
            }
            reader.commitSync(offsets);
        }
    }

    private static KafkaConsumer<String, String> reader(EmbeddedBroker broker) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "group.id",
                "readers",
                "group.instance.id",
                "reader-1",
                "enable.auto.commit",
                false);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }
}
