package io.gpuctl.events.kafka;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * A Kafka cluster as one user sees it: gpuctl's topics, Kafka's two internal topics, and the brokers' settings.
 *
 * @param brokers number of brokers of the cluster, including those that are down
 * @param topics the topics that exist, by name
 * @param hidden topics whose partitions or configuration this user may not see
 * @param brokerSettings the settings of each broker that answers; empty if this user may not see them
 */
public record ObservedCluster(
        int brokers,
        SortedMap<String, ObservedTopic> topics,
        SortedSet<String> hidden,
        List<Map<String, String>> brokerSettings) {
    public ObservedCluster {
        topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics));
        hidden = Collections.unmodifiableSortedSet(new TreeSet<>(hidden));
        brokerSettings = List.copyOf(brokerSettings);
    }

    /** Reads everything. */
    public static ObservedCluster of(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> names = ourTopics(admin);
        names.addAll(TopicCheck.INTERNAL_TOPICS);
        Collection<Node> nodes = admin.describeCluster().nodes().get();
        return read(admin, names, brokerSettings(admin, nodes));
    }

    /** Reads only gpuctl's topics. */
    static ObservedCluster ofOurTopics(Admin admin) throws ExecutionException, InterruptedException {
        return read(admin, ourTopics(admin), List.of());
    }

    /** Reads one topic; empty if the topic does not exist or this user may not see it. */
    static Optional<ObservedTopic> of(Admin admin, String topic) throws ExecutionException, InterruptedException {
        return read(admin, Set.of(topic), List.of()).topic(topic);
    }

    /** Returns the topic; empty if it does not exist or this user may not see it. */
    public Optional<ObservedTopic> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** Returns the declared topics, and the changelogs that this user may see. */
    private static Set<String> ourTopics(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> names = new LinkedHashSet<>();
        Topics.ALL.stream().map(Topic::name).forEach(names::add);
        admin.listTopics().names().get().stream().filter(Changelogs::isOurs).forEach(names::add);
        return names;
    }

    private static ObservedCluster read(Admin admin, Set<String> names, List<Map<String, String>> brokerSettings)
            throws ExecutionException, InterruptedException {
        SortedSet<String> hidden = new TreeSet<>();
        Map<String, TopicDescription> described = new HashMap<>();
        for (var answer : admin.describeTopics(names).topicNameValues().entrySet()) {
            unlessHidden(answer.getKey(), answer.getValue(), hidden)
                    .ifPresent(description -> described.put(answer.getKey(), description));
        }
        SortedMap<String, ObservedTopic> topics = new TreeMap<>();
        var resources =
                described.keySet().stream().map(ObservedCluster::resource).toList();
        for (var answer : admin.describeConfigs(resources).values().entrySet()) {
            String name = answer.getKey().name();
            TopicDescription description = described.get(name);
            Optional<Config> config = unlessHidden(name, answer.getValue(), hidden);
            if (description != null && config.isPresent()) {
                topics.put(name, ObservedTopic.of(description, values(config.get())));
            }
        }
        return new ObservedCluster(brokerCount(admin), topics, hidden, brokerSettings);
    }

    /** Returns the answer; empty if the topic does not exist or this user may not see it. */
    private static <T> Optional<T> unlessHidden(String topic, KafkaFuture<T> answer, Set<String> hidden)
            throws ExecutionException, InterruptedException {
        try {
            return Optional.of(answer.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                hidden.add(topic);
            } else if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Counts brokers that are down too: topics that are created meanwhile must not get fewer copies. */
    private static int brokerCount(Admin admin) throws ExecutionException, InterruptedException {
        try {
            var withThoseThatAreDown = new DescribeClusterOptions().includeFencedBrokers(true);
            return admin.describeCluster(withThoseThatAreDown).nodes().get().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnsupportedVersionException) {
                return admin.describeCluster().nodes().get().size();
            }
            throw e;
        }
    }

    private static List<Map<String, String>> brokerSettings(Admin admin, Collection<Node> nodes)
            throws ExecutionException, InterruptedException {
        var resources = nodes.stream()
                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                .toList();
        try {
            return admin.describeConfigs(resources).all().get().values().stream()
                    .map(ObservedCluster::values)
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return List.of();
            }
            throw e;
        }
    }

    static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** Returns the settings without secrets, whose values Kafka does not give. */
    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.value() != null) {
                values.put(entry.name(), entry.value());
            }
        }
        return values;
    }
}
