package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;
import java.util.Map;

/**
 * The configuration of the views.
 *
 * @param kafka how to connect to Kafka
 * @param instanceId unique, and the same at each start of an instance: an instance that restarts within the session
 *     timeout gets its partitions back without a rebalance
 * @param host of this instance's API, for other instances
 * @param port of this instance's API, for other instances
 * @param stateDirectory of this instance only; created if missing, and may be lost at any time
 * @param standbyReplicas number of other instances that keep a copy of each store, to take over at once
 * @param clock of the cluster
 * @param overrides Kafka Streams settings that replace or extend the chosen ones
 */
public record ViewsConfig(
        KafkaConnection kafka,
        String instanceId,
        String host,
        int port,
        Path stateDirectory,
        int standbyReplicas,
        ClusterClock clock,
        Map<String, Object> overrides) {
    public ViewsConfig {
        overrides = Map.copyOf(overrides);
    }

    public ViewsConfig(
            KafkaConnection kafka,
            String instanceId,
            String host,
            int port,
            Path stateDirectory,
            int standbyReplicas,
            ClusterClock clock) {
        this(kafka, instanceId, host, port, stateDirectory, standbyReplicas, clock, Map.of());
    }
}
