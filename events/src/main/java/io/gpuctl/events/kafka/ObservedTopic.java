package io.gpuctl.events.kafka;

import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The state of a topic on a cluster.
 *
 * @param replicas number of copies of the partition with the fewest copies
 * @param inSync number of copies with all records, of the partition with the fewest such copies
 * @param leaderless number of partitions that no client can read or write at the moment
 * @param configs the settings in force, whether the topic or the broker sets them
 */
public record ObservedTopic(
        String name, int partitions, int replicas, int inSync, int leaderless, Map<String, String> configs) {
    public ObservedTopic {
        configs = Map.copyOf(configs);
    }

    /** Returns the setting in force; {@code not known} if the broker has no setting of that name. */
    public String config(String name) {
        return configs.getOrDefault(name, "not known");
    }

    /** Returns how many copies the topic has. */
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
