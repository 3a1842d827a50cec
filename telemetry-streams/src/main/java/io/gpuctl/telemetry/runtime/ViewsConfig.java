package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;
import java.util.Map;

/**
 * How to run the views.
 *
 * @param kafka how Kafka is reached
 * @param instanceId the same at each start of an instance and different from every other's: an instance that comes back
 *     within the session timeout gets its partitions back without a rebalance
 * @param host where other instances reach this one's API
 * @param port where other instances reach this one's API
 * @param stateDirectory of this instance alone; created if missing, and may be lost at any time
 * @param standbyReplicas how many other instances keep a copy of each store, so that they take over at once
 * @param clock the cluster's
 * @param overrides Kafka Streams settings that replace or add to the chosen ones
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
