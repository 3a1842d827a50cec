package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Utils;

/**
 * The owner of each partition, as this instance knew it a moment ago. A partition without owner is moving between
 * instances.
 *
 * @param self this instance
 * @param poolPartitions owner of tasks, nodes and pools, by partition
 * @param telemetryPartitions owner of telemetry, windows and summary, by partition
 */
public record Ownership(Host self, Map<Integer, Host> poolPartitions, Map<Integer, Host> telemetryPartitions) {
    public Ownership {
        poolPartitions = Collections.unmodifiableMap(new TreeMap<>(poolPartitions));
        telemetryPartitions = Collections.unmodifiableMap(new TreeMap<>(telemetryPartitions));
    }

    /** The HTTP address of an instance. */
    public record Host(String host, int port) implements Comparable<Host> {
        @Override
        public int compareTo(Host other) {
            int byHost = host.compareTo(other.host);
            return byHost != 0 ? byHost : Integer.compare(port, other.port);
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** Returns the owner of the tasks, the nodes and the view of a pool. */
    public Optional<Host> ofPool(PoolId pool) {
        return Optional.ofNullable(poolPartitions.get(PoolPartitioner.partition(pool)));
    }

    /** Returns the owner of the telemetry of a node. */
    public Optional<Host> ofTelemetry(NodeId node) {
        return Optional.ofNullable(telemetryPartitions.get(telemetryPartition(node)));
    }

    /** Returns all other instances that own a partition, in order. */
    public SortedSet<Host> others() {
        SortedSet<Host> others = new TreeSet<>(poolPartitions.values());
        others.addAll(telemetryPartitions.values());
        others.remove(self);
        return others;
    }

    /** Returns whether every partition has an owner. Only then do all instances together have all views. */
    public boolean isComplete() {
        return poolPartitions.size() == Topics.POOL_PARTITIONS
                && telemetryPartitions.size() == Topics.TELEMETRY_PARTITIONS;
    }

    /** Returns the partition of a node's telemetry. */
    public static int telemetryPartition(NodeId node) {
        byte[] key = node.value().getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % Topics.TELEMETRY_PARTITIONS;
    }
}
