package io.gpuctl.simulator.runtime;

import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.RecordLimits;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The simulator's Kafka clients and their settings. */
final class Clients {
    private static final long RECONNECT_BACKOFF_MAX_MS = 1000;

    /**
     * Long enough that producers still know unused topics while Kafka is away; Kafka's default is minutes. Not
     * Long.MAX_VALUE: Kafka adds this to the time of day, and would forget each topic at once.
     */
    private static final Duration TOPIC_IDLE = Duration.ofDays(3650);

    private Clients() {}

    /** Returns the id of the Kafka cluster. */
    static String clusterId(SimulatorConfig config) {
        try (var admin = Admin.create(common(config, "admin"))) {
            return admin.describeCluster().clusterId().get(config.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("Kafka did not return its cluster id", e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Creates the consumer of commands: without a group, and of bytes, so that we can handle unreadable records. */
    static Consumer<byte @Nullable [], byte @Nullable []> commandConsumer(SimulatorConfig config) {
        Map<String, Object> settings = common(config, "commands");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // If retention has deleted our position: the oldest record. Commands for earlier incarnations are ignored.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1000);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
        return new KafkaConsumer<byte @Nullable [], byte @Nullable []>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Creates the producer of records that must arrive. It retries forever, in order. */
    static Producer<byte @Nullable [], @Nullable Object> reliableProducer(SimulatorConfig config) {
        Map<String, Object> settings = producer(config, "reports");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        // A request costs the broker as much as a dozen records.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        // The simulation must not block; the outbox retries.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 500);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L << 20);
        return new KafkaProducer<byte @Nullable [], @Nullable Object>(
                settings, new ByteArraySerializer(), new ValueSerializer());
    }

    /** Creates the producer of records that are outdated in a second. It never blocks, and drops late records. */
    static Producer<byte @Nullable [], @Nullable Object> lossyProducer(SimulatorConfig config) {
        Map<String, Object> settings = producer(config, "telemetry");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3000);
        // A delay of seconds would matter; a tenth of a second saves four of five requests.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 100);
        // Batches have many similar samples. Reports come one by one and would gain nothing.
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 16L << 20);
        return new KafkaProducer<byte @Nullable [], @Nullable Object>(
                settings, new ByteArraySerializer(), new ValueSerializer());
    }

    private static Map<String, Object> producer(SimulatorConfig config, String role) {
        Map<String, Object> settings = common(config, role);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.PARTITIONER_CLASS_CONFIG, PoolPartitioner.class);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
        settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TOPIC_IDLE.toMillis());
        settings.putAll(RecordLimits.producer());
        return settings;
    }

    private static Map<String, Object> common(SimulatorConfig config, String role) {
        Map<String, Object> settings = config.kafka().with(Map.of());
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.instanceId() + "-" + role);
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, KafkaConnection.REQUEST_TIMEOUT_MS);
        settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_BACKOFF_MAX_MS);
        return settings;
    }

    /** Serializes after the partitioner has read the pool from the object. */
    private static final class ValueSerializer implements Serializer<@Nullable Object> {
        private final Serializer<TaskReport> reports = Topics.TASK_REPORTS.serializer();
        private final Serializer<NodeEvent> events = Topics.NODE_EVENTS.serializer();
        private final Serializer<NodeTelemetry> telemetry = Topics.GPU_TELEMETRY.serializer();

        @Override
        public byte @Nullable [] serialize(String topic, @Nullable Object value) {
            return switch (value) {
                case null -> null;
                case byte[] bytes -> bytes;
                case TaskReport report -> reports.serialize(topic, report);
                case NodeEvent event -> events.serialize(topic, event);
                case NodeTelemetry measured -> telemetry.serialize(topic, measured);
                default -> throw new SerializationException("A node does not send " + value);
            };
        }
    }
}
