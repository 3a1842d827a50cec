package io.gpuctl.simulator.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.simulator.cluster.GpuModels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a simulator.
 *
 * @param kafka how to connect to Kafka
 * @param nodes at least one; their ids are unique in the cluster
 * @param models GPU models of the nodes
 * @param clock of the cluster
 * @param instanceId names this process to Kafka and in logs
 * @param faults random faults of the nodes
 * @param suspensionFile keeps the nodes from a close to the next start, where they resume; null: they shut down at a
 *     close, and each start is a new one
 * @param telemetryInterval wall time between two measurements of a node, rounded up to whole heartbeats
 * @param startTimeout how long to wait for Kafka at the start
 * @param closeTimeout how long a close may take to send the last reports
 */
public record SimulatorConfig(
        KafkaConnection kafka,
        List<NodeInventory> nodes,
        GpuModels models,
        ClusterClock clock,
        String instanceId,
        FaultSettings faults,
        @Nullable Path suspensionFile,
        Duration telemetryInterval,
        Duration startTimeout,
        Duration closeTimeout) {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    public SimulatorConfig {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("A simulator needs at least one node");
        }
        var seen = new HashSet<>();
        for (var node : nodes) {
            if (!seen.add(node.nodeId())) {
                throw new IllegalArgumentException("Two nodes have the id " + node.nodeId());
            }
        }
    }

    public SimulatorConfig(KafkaConnection kafka, List<NodeInventory> nodes, ClusterClock clock, String instanceId) {
        this(kafka, nodes, GpuModels.builtIn(), clock, instanceId);
    }

    public SimulatorConfig(
            KafkaConnection kafka, List<NodeInventory> nodes, GpuModels models, ClusterClock clock, String instanceId) {
        this(kafka, nodes, models, clock, instanceId, FaultSettings.OFF);
    }

    public SimulatorConfig(
            KafkaConnection kafka,
            List<NodeInventory> nodes,
            GpuModels models,
            ClusterClock clock,
            String instanceId,
            FaultSettings faults) {
        this(
                kafka,
                nodes,
                models,
                clock,
                instanceId,
                faults,
                null,
                Duration.ofMillis(NodeTelemetry.INTERVAL_MS),
                START_TIMEOUT,
                CLOSE_TIMEOUT);
    }

    public SimulatorConfig withSuspensionFile(@Nullable Path file) {
        return new SimulatorConfig(
                kafka, nodes, models, clock, instanceId, faults, file, telemetryInterval, startTimeout, closeTimeout);
    }

    public SimulatorConfig withTelemetryInterval(Duration interval) {
        return new SimulatorConfig(
                kafka, nodes, models, clock, instanceId, faults, suspensionFile, interval, startTimeout, closeTimeout);
    }
}
