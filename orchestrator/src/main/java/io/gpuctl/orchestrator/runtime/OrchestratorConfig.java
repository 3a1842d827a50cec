package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;

/**
 * What an orchestrator must be told.
 *
 * @param kafka how Kafka is reached
 * @param instanceId unique among the orchestrators of a cluster; an instance that comes back under the same id takes its
 *     work up again at once
 * @param stateDirectory where Kafka Streams keeps what it needs between starts; not shared with another instance
 * @param clock the cluster's time
 * @param settings for every pool
 * @param standbyReplicas how many other instances keep a copy of each pool's state, to take over sooner
 */
public record OrchestratorConfig(
        KafkaConnection kafka,
        String instanceId,
        Path stateDirectory,
        ClusterClock clock,
        PoolSettings settings,
        int standbyReplicas) {}
