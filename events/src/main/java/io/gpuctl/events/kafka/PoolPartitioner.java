package io.gpuctl.events.kafka;

import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.kafka.Topic.Partitioning;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Puts all records of a pool into the same partition number of every topic that is partitioned by pool, and records of
 * other topics into the partition of their key. For producers: {@code partitioner.class}; for Kafka Streams and
 * consumers: {@link #partition}.
 */
public final class PoolPartitioner implements Partitioner {
    /** Returns the partition of a pool's records, from 0 to {@code partitions} - 1. */
    public static int partition(PoolId pool, int partitions) {
        return byHash(pool.value().getBytes(StandardCharsets.UTF_8), partitions);
    }

    /** Returns the partition of a pool's records in the topics that are partitioned by pool. */
    public static int partition(PoolId pool) {
        return partition(pool, Topics.POOL_PARTITIONS);
    }

    @Override
    public int partition(
            String topic,
            @Nullable Object key,
            byte @Nullable [] keyBytes,
            @Nullable Object value,
            byte @Nullable [] valueBytes,
            Cluster cluster) {
        int partitions = cluster.partitionCountForTopic(topic);
        boolean byPool = Topics.named(topic)
                .map(t -> t.partitioning() == Partitioning.BY_POOL)
                .orElse(false);
        if (!byPool) {
            return keyBytes == null ? 0 : byHash(keyBytes, partitions);
        }
        if (value instanceof PoolScoped scoped) {
            return partition(scoped.pool(), partitions);
        }
        throw new IllegalArgumentException("A record for " + topic + " must say its pool, but is " + value);
    }

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs) {}

    /** Hashes like Kafka's default partitioner, so that other clients find the same partition. */
    private static int byHash(byte[] bytes, int partitions) {
        return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
    }
}
