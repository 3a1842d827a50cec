package io.gpuctl.simulator.runtime;

import static org.awaitility.Awaitility.await;

import io.gpuctl.events.FaultInjection;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The other side of the simulator: sends commands, and reads all records of the nodes. */
final class Wire implements AutoCloseable {
    private static final List<Topic<?>> FROM_NODES =
            List.of(Topics.TASK_REPORTS, Topics.NODE_EVENTS, Topics.GPU_TELEMETRY, Topics.DEAD_LETTERS);

    private final KafkaProducer<String, NodeCommand> commands;
    private final KafkaProducer<String, FaultInjection> injections;
    private final KafkaProducer<byte[], byte[]> garbage;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();

    Wire(String bootstrapServers) throws Exception {
        Map<String, Object> server = Map.of("bootstrap.servers", bootstrapServers);
        try (var admin = Admin.create(server)) {
            TopicSetup.ensureTopics(admin);
        }
        commands = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "partitioner.class", PoolPartitioner.class),
                new StringSerializer(),
                Topics.PLACEMENTS.serializer());
        injections = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "partitioner.class", PoolPartitioner.class),
                new StringSerializer(),
                Topics.FAULT_INJECTIONS.serializer());
        garbage = new KafkaProducer<>(server, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(server, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(FROM_NODES.stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
    }

    void send(NodeCommand command) throws Exception {
        commands.send(new ProducerRecord<>(
                        Topics.PLACEMENTS.name(), command.nodeId().value(), command))
                .get();
    }

    void sendGarbage(int partition, byte[] bytes) throws Exception {
        garbage.send(new ProducerRecord<>(Topics.PLACEMENTS.name(), partition, null, bytes))
                .get();
    }

    List<TaskReport> reports() {
        return values(Topics.TASK_REPORTS);
    }

    void inject(FaultInjection injection) throws Exception {
        injections
                .send(new ProducerRecord<>(Topics.FAULT_INJECTIONS.name(), injection.key(), injection))
                .get();
    }

    List<NodeEvent> nodeEvents() {
        return values(Topics.NODE_EVENTS);
    }

    List<NodeTelemetry> telemetry() {
        return values(Topics.GPU_TELEMETRY);
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return of(Topics.DEAD_LETTERS);
    }

    /** Reads until the condition holds. */
    void awaitThat(Predicate<Wire> condition) {
        await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO).until(() -> {
            consumer.poll(Duration.ofMillis(50)).forEach(seen::add);
            return condition.test(this);
        });
    }

    private <V> List<V> values(Topic<V> topic) {
        var deserializer = topic.deserializer();
        return of(topic).stream()
                .map(record -> deserializer.deserialize(record.topic(), record.value()))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> of(Topic<?> topic) {
        return seen.stream()
                .filter(record -> record.topic().equals(topic.name()))
                .toList();
    }

    @Override
    public void close() {
        injections.close(Duration.ZERO);
        commands.close(Duration.ZERO);
        garbage.close(Duration.ZERO);
        consumer.close();
    }
}
