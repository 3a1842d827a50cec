package io.gpuctl.events.kafka;

import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as it is on a cluster.
 *
 * @param replicas copies of the partition that has the fewest
 * @param inSync copies that have all records, of the partition that has the fewest
 * @param leaderless partitions that nobody can read or write at the moment
 * @param configs as they are in force, whether the topic sets them or the broker
 */
public record ObservedTopic(
        String name, int partitions, int replicas, int inSync, int leaderless, Map<String, String> configs) {
    public ObservedTopic {
        configs = Map.copyOf(configs);
    }

    /** A setting as it is in force; {@code not known} if the broker has none of that name. */
    public String config(String name) {
        return configs.getOrDefault(name, "not known");
    }

    /** How many copies it has. */
    public Replication replication() {
        int minInSync = Integer.parseInt(configs.getOrDefault(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1"));
        return new Replication(replicas, Math.clamp(minInSync, 1, replicas));
    }

    static ObservedTopic of(TopicDescription description, Map<String, String> configs) {
        var partitions = description.partitions();
        return new ObservedTopic(
                description.name(),
                partitions.size(),
                partitions.stream().mapToInt(p -> p.replicas().size()).min().orElse(0),
                partitions.stream().mapToInt(p -> p.isr().size()).min().orElse(0),
                (int) partitions.stream().filter(ObservedTopic::isLeaderless).count(),
                configs);
    }

    private static boolean isLeaderless(TopicPartitionInfo partition) {
        return partition.leader() == null || partition.leader().isEmpty();
    }
}
