package io.gpuctl.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the committed offsets of groups back to the end of a log that has lost its tail.
 *
 * <p>The records of some topics are not forced to the disk. After a power cut, the last of them are lost, while the
 * offset that a group has committed is kept. Without a correction, the group would either read the whole log again, or
 * miss the records that take the offsets of the lost ones. A topic whose records are forced loses nothing: an offset
 * past its end is damage and is not handled here.
 */
final class OffsetsPastEnd {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetsPastEnd.class);

    private static final String FORCES_EACH = "1";

    private final Admin admin;

    private OffsetsPastEnd(Admin admin) {
        this.admin = admin;
    }

    /**
     * Moves the offsets of all groups. Call this before any member of a group reconnects: members that the broker
     * remembers are removed.
     *
     * @param admin a client of the broker, which is the only one of its cluster
     * @throws ExecutionException if the broker does not answer
     */
    static void moveBack(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> topics = notForced(admin);
        if (topics.isEmpty()) {
            return;
        }
        awaitCoordinators(admin);
        var offsets = new OffsetsPastEnd(admin);
        for (GroupListing group : admin.listGroups().all().get()) {
            offsets.moveBack(group.groupId(), topics);
        }
    }

    /**
     * Waits until the broker has loaded all partitions of the committed offsets. A list of groups silently omits the
     * groups of a partition that is not loaded yet. A request for a group's offsets waits for the group's partition,
     * even if the group does not exist.
     */
    private static void awaitCoordinators(Admin admin) throws ExecutionException, InterruptedException {
        if (!admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get()
                .contains(Topic.GROUP_METADATA_TOPIC_NAME)) {
            return;
        }
        int partitions =
                admin.describeTopics(Set.of(Topic.GROUP_METADATA_TOPIC_NAME)).allTopicNames().get().values().stream()
                        .mapToInt(topic -> topic.partitions().size())
                        .sum();
        Map<Integer, String> groups = new HashMap<>();
        for (int probe = 0; groups.size() < partitions; probe++) {
            String group = "probe-" + probe;
            groups.put(Utils.abs(group.hashCode()) % partitions, group);
        }
        for (String group : groups.values()) {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    private static Set<String> notForced(Admin admin) throws ExecutionException, InterruptedException {
        List<ConfigResource> topics = admin.listTopics().names().get().stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        return admin.describeConfigs(topics).all().get().entrySet().stream()
                .filter(topic -> isNotForced(topic.getValue()))
                .map(topic -> topic.getKey().name())
                .collect(Collectors.toSet());
    }

    /**
     * Returns whether the topic's own configuration turns forcing off. The broker's default does not count, because it
     * is not meant to lose records.
     */
    private static boolean isNotForced(Config topic) {
        ConfigEntry entry = topic.get(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG);
        return entry != null
                && entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG
                && !FORCES_EACH.equals(entry.value());
    }

    private void moveBack(String group, Set<String> topics) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        committed.keySet().removeIf(partition -> !topics.contains(partition.topic()));
        Map<TopicPartition, Long> ends = ends(committed.keySet());
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        committed.forEach((partition, offset) -> {
            long end = ends.getOrDefault(partition, offset.offset());
            if (offset.offset() > end) {
                LOG.warn(
                        "Partition {} lost the records from offset {} to {}, which group {} had read",
                        partition,
                        end,
                        offset.offset(),
                        group);
                moved.put(partition, new OffsetAndMetadata(end, offset.metadata()));
            }
        });
        if (!moved.isEmpty()) {
            removeMembers(group);
            admin.alterConsumerGroupOffsets(group, moved).all().get();
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group)
            throws ExecutionException, InterruptedException {
        return new HashMap<>(admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get());
    }

    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(asked).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /**
     * Removes members: a static member counts as alive until its session expires, and the offsets of a group with
     * members cannot be set.
     */
    private void removeMembers(String group) throws ExecutionException, InterruptedException {
        var description =
                admin.describeConsumerGroups(List.of(group)).all().get().get(group);
        if (description != null && !description.members().isEmpty()) {
            admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
        }
    }
}
