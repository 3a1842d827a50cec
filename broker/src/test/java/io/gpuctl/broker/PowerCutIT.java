package io.gpuctl.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.broker.EmbeddedBroker.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that continues from the disk alone, without anything that was only in memory, has all acknowledged records.
 */
@Timeout(120)
class PowerCutIT {
    private static final TopicPartition LETTERS = new TopicPartition("letters", 0);
    private static final int ACKNOWLEDGED_MIN = 40;

    @TempDir
    Path directory;

    @Test
    void allThatWasAcknowledgedIsOnTheDisk() throws Exception {
        var acknowledged = new ArrayList<String>();
        Path image = directory.resolve("image");
        try (var disk = LoopDisk.create(directory.resolve("disk"), directory.resolve("mounted"))) {
            Process process = writer(disk.mounted());
            try (var output = process.inputReader()) {
                while (acknowledged.size() < ACKNOWLEDGED_MIN) {
                    acknowledged.add(output.readLine());
                }
                disk.copyTo(image);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }

        try (var disk = LoopDisk.mount(image, directory.resolve("mounted"));
                var broker = EmbeddedBroker.start(new Config(disk.mounted(), 0))) {
            assertThat(committed(broker)).containsSequence(acknowledged);
        }
    }

    private Process writer(Path data) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        Writer.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Produces letters, every second one in a transaction, and prints each acknowledged letter, until it is killed. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] args) throws Exception {
            try (var broker = EmbeddedBroker.start(new Config(Path.of(args[0]), 0));
                    var plain = producer(broker, Map.of());
                    var transactional = producer(broker, Map.of("transactional.id", "writer"))) {
                createTopic(broker);
                transactional.initTransactions();
                for (int letter = 0; ; letter += 2) {
                    plain.send(new ProducerRecord<>(LETTERS.topic(), "letter " + letter))
                            .get();
                    System.out.println("letter " + letter);
                    transactional.beginTransaction();
                    transactional
                            .send(new ProducerRecord<>(LETTERS.topic(), "letter " + (letter + 1)))
                            .get();
                    transactional.commitTransaction();
                    System.out.println("letter " + (letter + 1));
                }
            }
        }
    }

    private static void createTopic(EmbeddedBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(LETTERS.topic(), Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker, Map<String, Object> more) {
        var config = new HashMap<>(more);
        config.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static List<String> committed(EmbeddedBroker broker) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(LETTERS));
            consumer.seekToBeginning(List.of(LETTERS));
            long end = consumer.endOffsets(List.of(LETTERS)).get(LETTERS);
            while (consumer.position(LETTERS) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(letter -> values.add(letter.value()));
            }
        }
        return values;
    }
}
