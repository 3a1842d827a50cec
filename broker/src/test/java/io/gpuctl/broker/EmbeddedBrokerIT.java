package io.gpuctl.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker.Config;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedBrokerIT {

    private static final String TOPIC = "letters";

    @TempDir
    Path directory;

    /** The clients of a killed broker keep trying its port. */
    @Test
    void nobodyReachesABrokerBeforeItHasPassed() throws Exception {
        EmbeddedBroker.start(Config.in(directory)).close();
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        List<Boolean> reachable = new ArrayList<>();

        try (var broker = EmbeddedBroker.start(new Config(directory, port), (admin, settings) -> {
            reachable.add(listens(port));
            return true;
        })) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
        }

        assertThat(reachable).containsExactly(false, true);
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void deliversWhatWasProduced() throws Exception {
        try (var broker = EmbeddedBroker.start(Config.in(directory))) {
            createTopic(broker);
            produce(broker, "a", "b");

            assertThat(consume(broker, 2)).containsExactly("a", "b");
        }
    }

    @Test
    void showsCommittedTransactionsOnly() throws Exception {
        try (var broker = EmbeddedBroker.start(Config.in(directory))) {
            createTopic(broker);
            produceInTransaction(broker, "aborted", false);
            produceInTransaction(broker, "committed", true);

            assertThat(consume(broker, 1)).containsExactly("committed");
        }
    }

    @Test
    void letsReadersPassSoonAfterAProducerDied() throws Exception {
        try (var broker = EmbeddedBroker.start(Config.in(directory));
                var deadProducer =
                        producer(broker, Map.of("transactional.id", "dead", "transaction.timeout.ms", "1000"))) {
            createTopic(broker);
            deadProducer.initTransactions();
            deadProducer.beginTransaction();
            deadProducer.send(new ProducerRecord<>(TOPIC, "never committed")).get();
            produce(broker, "behind it");

            assertThat(consume(broker, 1)).containsExactly("behind it");
        }
    }

    @Test
    void findsItsRecordsAndItsClusterIdAgain() throws Exception {
        String firstClusterId;
        try (var broker = EmbeddedBroker.start(Config.in(directory))) {
            createTopic(broker);
            produce(broker, "kept");
            firstClusterId = clusterId(broker);
        }

        try (var broker = EmbeddedBroker.start(Config.in(directory))) {
            assertThat(clusterId(broker)).isEqualTo(firstClusterId);
            assertThat(consume(broker, 1)).containsExactly("kept");
        }
    }

    @Test
    void findsItsRecordsAfterItsProcessWasKilled() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        BrokerProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("produced");
        } finally {
            process.destroyForcibly().waitFor();
        }

        try (var broker = EmbeddedBroker.start(Config.in(directory))) {
            assertThat(consume(broker, 1)).containsExactly("kept");
        }
    }

    @Test
    void refusesADirectoryInUse() {
        try (var broker = EmbeddedBroker.start(Config.in(directory))) {
            assertThatThrownBy(() -> EmbeddedBroker.start(Config.in(directory)))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use by another running broker");
            assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void refusesATakenPortAndFreesTheDirectory() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedBroker.start(new Config(directory, taken.getLocalPort())))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("taken");
        }

        EmbeddedBroker.start(Config.in(directory)).close();
    }

    @Test
    void refusesADirectoryThatCannotBe() throws IOException {
        var file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> EmbeddedBroker.start(Config.in(file)))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("cannot be used");
    }

    @Test
    void closesTwice() {
        var broker = EmbeddedBroker.start(Config.in(directory));

        broker.close();
        broker.close();
    }

    @Test
    void createsNoTopicByItself() throws Exception {
        try (var broker = EmbeddedBroker.start(Config.in(directory));
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            assertThatThrownBy(() -> admin.describeTopics(List.of("mistyped"))
                            .allTopicNames()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    /** Produces a record, reports it, and waits to be killed; ends by itself if its test has ended. */
    static final class BrokerProcess {

        private BrokerProcess() {}

        public static void main(String[] args) throws Exception {
            var broker = EmbeddedBroker.start(Config.in(Path.of(args[0])));
            createTopic(broker);
            produce(broker, "kept");
            System.out.println("produced");
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static void createTopic(EmbeddedBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static String clusterId(EmbeddedBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.describeCluster().clusterId().get();
        }
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker, Map<String, Object> more) {
        var config = new LinkedHashMap<String, Object>(more);
        config.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static void produce(EmbeddedBroker broker, String... values) throws Exception {
        try (var producer = producer(broker, Map.of())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value)).get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static void produceInTransaction(EmbeddedBroker broker, String value, boolean commit) throws Exception {
        try (var producer = producer(broker, Map.of("transactional.id", "writer"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, value)).get(30, TimeUnit.SECONDS);
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private static List<String> consume(EmbeddedBroker broker, int countMin) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", "readers",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed");
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(letter -> values.add(letter.value()));
                return values.size() >= countMin;
            });
        }
        return values;
    }
}
