package io.gpuctl.cli.chaos.cluster;

import io.gpuctl.events.kafka.KafkaConnection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the brokers of a campaign. Every client that the runner creates, and every service that it starts,
 * takes its settings from here.
 */
public record KafkaAccess(KafkaConnection connection) {

    /**
     * Returns a connection to brokers without authentication. {@code bootstrapServers}:
     * {@code HOST:PORT[,HOST:PORT...]}.
     */
    static KafkaAccess open(String bootstrapServers) {
        return new KafkaAccess(KafkaConnection.of(bootstrapServers));
    }

    /** Returns the settings of a Kafka client of any kind. The caller may change the map. */
    public Map<String, Object> clientSettings() {
        return connection.with(Map.of(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, ""));
    }

    /** Returns the arguments that a {@code gpuctl} command needs to reach the brokers. */
    public List<String> arguments() {
        return List.of("--kafka", connection.bootstrapServers());
    }

    public Admin admin() {
        return Admin.create(clientSettings());
    }

    /** Returns a producer of raw bytes with the additional settings {@code more}. */
    public Producer<byte @Nullable [], byte @Nullable []> producer(Map<String, Object> more) {
        Map<String, Object> settings = clientSettings();
        settings.putAll(more);
        return new KafkaProducer<byte @Nullable [], byte @Nullable []>(
                settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
