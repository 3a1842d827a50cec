package io.gpuctl.api.kafka;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/** How every Kafka client of this process reaches the broker: all that is configured as {@code kafka.*}. */
@ApplicationScoped
public class KafkaClients {

    private final Map<String, Object> configured;

    KafkaClients(@Identifier("default-kafka-broker") Map<String, Object> configured) {
        this.configured = Map.copyOf(configured);
    }

    /** A client's configuration: the connection's, and what is given here. */
    public Map<String, Object> with(Map<String, Object> own) {
        var all = new HashMap<>(configured);
        all.putAll(own);
        return all;
    }

    /** What concerns the connection's security, without the rest. */
    public Map<String, Object> security() {
        var security = new HashMap<String, Object>();
        configured.forEach((name, value) -> {
            if (name.startsWith("security.") || name.startsWith("sasl.") || name.startsWith("ssl.")) {
                security.put(name, value);
            }
        });
        return security;
    }
}
