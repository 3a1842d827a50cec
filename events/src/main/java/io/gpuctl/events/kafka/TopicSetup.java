package io.gpuctl.events.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics that are missing, and refuses to start on topics that are not as declared. */
public final class TopicSetup {
    /** Not how long records are kept: an import sets that as its records need it. */
    private static final List<String> KEPT_UP_TO_DATE = List.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            TopicConfig.COMPRESSION_TYPE_CONFIG,
            TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG);

    private TopicSetup() {}

    /** A topic on the broker differs from its declaration in {@link Topics}. */
    public static final class TopicMismatchException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        TopicMismatchException(List<String> differences) {
            super(String.join("; ", differences)
                    + ". Use another Kafka cluster, or delete these topics if nothing in them is needed.");
        }
    }

    /**
     * Makes every topic exist, with the broker's default replication, and take records as large as ours become. Several
     * processes may do this at once.
     *
     * @throws TopicMismatchException if a topic has another number of partitions than declared
     */
    public static void ensureTopics(Admin admin) throws ExecutionException, InterruptedException {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topic<?> topic : Topics.ALL) {
            wanted.add(new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                    .configs(topic.configs()));
        }
        Map<String, KafkaFuture<Void>> created = admin.createTopics(wanted).values();
        for (KafkaFuture<Void> future : created.values()) {
            awaitCreated(future);
        }
        List<String> differences = differences(describe(admin, created.keySet()));
        if (!differences.isEmpty()) {
            throw new TopicMismatchException(differences);
        }
        bringUpToDate(admin);
    }

    /**
     * Gives topics of an older program what is declared now, of that which does not touch what they hold. Of the
     * changelogs too, whose configuration Kafka Streams never changes.
     */
    private static void bringUpToDate(Admin admin) throws ExecutionException, InterruptedException {
        Map<ConfigResource, Map<String, String>> declared = new HashMap<>();
        for (Topic<?> topic : Topics.ALL) {
            declared.put(resource(topic.name()), topic.configs());
        }
        for (String name : admin.listTopics().names().get()) {
            if (Changelogs.isOurs(name)) {
                declared.put(resource(name), Changelogs.CONFIGS);
            }
        }
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (Map.Entry<ConfigResource, Config> topic :
                admin.describeConfigs(declared.keySet()).all().get().entrySet()) {
            List<AlterConfigOp> ops = changes(topic.getValue(), declared.getOrDefault(topic.getKey(), Map.of()));
            if (!ops.isEmpty()) {
                changes.put(topic.getKey(), ops);
            }
        }
        if (!changes.isEmpty()) {
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static List<AlterConfigOp> changes(Config found, Map<String, String> declared) {
        List<AlterConfigOp> ops = new ArrayList<>();
        for (String name : KEPT_UP_TO_DATE) {
            String wanted = declared.get(name);
            ConfigEntry entry = found.get(name);
            if (wanted != null && (entry == null || !wanted.equals(entry.value()))) {
                ops.add(new AlterConfigOp(new ConfigEntry(name, wanted), AlterConfigOp.OpType.SET));
            }
        }
        return ops;
    }

    private static void awaitCreated(KafkaFuture<Void> future) throws ExecutionException, InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** A topic that was just created may take a moment until every broker knows it. */
    private static Map<String, TopicDescription> describe(Admin admin, Set<String> names)
            throws ExecutionException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return admin.describeTopics(names).allTopicNames().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || attempt == 50) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private static List<String> differences(Map<String, TopicDescription> actual) {
        List<String> differences = new ArrayList<>();
        new TreeMap<>(actual).forEach((name, description) -> {
            int declared = Topics.named(name).orElseThrow().partitions();
            int found = description.partitions().size();
            if (found != declared) {
                differences.add("Topic %s has %d partitions, but must have %d".formatted(name, found, declared));
            }
        });
        return differences;
    }
}
