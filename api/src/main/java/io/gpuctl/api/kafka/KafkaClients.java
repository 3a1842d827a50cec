package io.gpuctl.api.kafka;

import io.gpuctl.events.kafka.KafkaConnection;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.TreeMap;

/**
 * The connection of every Kafka client of this process to the broker: the connection settings under {@code kafka.*}.
 */
@ApplicationScoped
public class KafkaClients {

    private final KafkaConnection connection;

    KafkaClients(@Identifier("default-kafka-broker") Map<String, Object> configured) {
        var settings = new TreeMap<String, String>();
        configured.forEach((name, value) -> {
            if (KafkaConnection.isConnectionSetting(name)) {
                settings.put(name, value.toString());
            }
        });
        connection = new KafkaConnection(settings);
    }

    /** Returns a client's configuration: the connection settings plus the given ones. */
    public Map<String, Object> with(Map<String, Object> own) {
        return connection.with(own);
    }

    public KafkaConnection connection() {
        return connection;
    }
}
