package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;

/**
 * The configuration of an orchestrator.
 *
 * @param kafka the connection to Kafka
 * @param instanceId unique among the orchestrators of a cluster; an instance that returns with the same id resumes its
 *     work at once
 * @param stateDirectory directory of Kafka Streams that persists between starts; must not be shared with another
 *     instance
 * @param clock the cluster's time
 * @param settings the settings of every pool
 * @param standbyReplicas number of other instances that keep a copy of each pool's state, so that they take over faster
 */
public record OrchestratorConfig(
        KafkaConnection kafka,
        String instanceId,
        Path stateDirectory,
        ClusterClock clock,
        PoolSettings settings,
        int standbyReplicas) {}
