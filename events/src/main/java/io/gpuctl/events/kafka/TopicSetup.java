package io.gpuctl.events.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates the topics that are missing, and refuses to start on topics that are not as declared. A user who may neither
 * create nor change topics needs them to be there and as they must be.
 */
public final class TopicSetup {
    /** Not how long records are kept: an import sets that as its records need it. */
    private static final List<String> KEPT_UP_TO_DATE = List.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            TopicConfig.COMPRESSION_TYPE_CONFIG,
            TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG);

    private TopicSetup() {}

    /** The topics are not as they must be, and this user cannot make them so. The message says what to do. */
    public static final class TopicMismatchException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        private static final String USER = "{user}";

        private final String text;
        private final boolean isRefused;

        private TopicMismatchException(String text, boolean isRefused) {
            super(text.replace(USER, "this user"));
            this.text = text;
            this.isRefused = isRefused;
        }

        /** {@code text}: has {@value #USER} where the user's name belongs. */
        static TopicMismatchException refused(String text) {
            return new TopicMismatchException(text, true);
        }

        static TopicMismatchException unsuitable(String text) {
            return new TopicMismatchException(text, false);
        }

        /** Whether another user, or this one with more rights, could make the topics as they must be. */
        public boolean isRefused() {
            return isRefused;
        }

        /** The message with the user's name. */
        public String messageFor(String user) {
            return text.replace(USER, user);
        }
    }

    /** As below; how many copies there are follows from the number of brokers. */
    public static void ensureTopics(Admin admin) throws ExecutionException, InterruptedException {
        ensureTopics(admin, ReplicationChoice.BY_BROKERS);
    }

    /**
     * Makes every topic exist, and take records as large as ours become. Several processes may do this at once.
     *
     * @param choice how many copies there are of the topics that are created; of those that exist nothing changes
     * @return the topics that were created
     * @throws ExecutionException with an {@link org.apache.kafka.common.errors.InvalidReplicationFactorException} if more brokers must
     *     come up first
     * @throws TopicMismatchException if a topic has another number of partitions than declared, or if something is missing
     *     that this user may not see, create or change
     */
    public static SortedSet<String> ensureTopics(Admin admin, ReplicationChoice choice)
            throws ExecutionException, InterruptedException {
        ObservedCluster cluster = ObservedCluster.ofOurTopics(admin);
        requireVisible(cluster);
        SortedSet<String> created = createMissing(admin, cluster, choice);
        requirePartitions(created.isEmpty() ? cluster : awaitAll(admin));
        bringUpToDate(admin, cluster);
        return created;
    }

    private static void requireVisible(ObservedCluster cluster) {
        if (!cluster.hidden().isEmpty()) {
            throw TopicMismatchException.refused(
                    "%s: {user} may not see them, or their configuration. An administrator gives each user its rights with gpuctl kafka acls --apply."
                            .formatted(named(cluster.hidden())));
        }
    }

    private static SortedSet<String> createMissing(Admin admin, ObservedCluster cluster, ReplicationChoice choice)
            throws ExecutionException, InterruptedException {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topic<?> topic : Topics.ALL) {
            if (cluster.topic(topic.name()).isEmpty()) {
                wanted.add(newTopic(topic, replication(choice, cluster)));
            }
        }
        if (choice.factor().isEmpty()) {
            requireBrokersForDefault(admin, wanted);
        }
        SortedSet<String> created = new TreeSet<>();
        SortedSet<String> refused = new TreeSet<>();
        for (var answer : admin.createTopics(wanted).values().entrySet()) {
            try {
                if (isCreated(answer.getValue())) {
                    created.add(answer.getKey());
                }
            } catch (AuthorizationException _) {
                refused.add(answer.getKey());
            }
        }
        if (!refused.isEmpty()) {
            throw TopicMismatchException.refused(
                    "%s missing, and {user} may not create topics. An administrator creates them with gpuctl topics create."
                            .formatted(named(refused) + (refused.size() == 1 ? " is" : " are")));
        }
        return created;
    }

    /**
     * A broker that was never there is not known, but the others may have been told how many there will be: as long as they cannot
     * make as many copies as their own {@code default.replication.factor} says, it is too early to count them.
     */
    private static void requireBrokersForDefault(Admin admin, List<NewTopic> wanted)
            throws ExecutionException, InterruptedException {
        var asBrokersSay = wanted.stream()
                .map(topic -> new NewTopic(topic.name(), Optional.of(topic.numPartitions()), Optional.empty()))
                .toList();
        var tries = admin.createTopics(asBrokersSay, new CreateTopicsOptions().validateOnly(true));
        for (var answer : tries.values().values()) {
            try {
                isCreated(answer);
            } catch (AuthorizationException _) {
                return; // So will be the creation itself, which says what to do.
            }
        }
    }

    private static Replication replication(ReplicationChoice choice, ObservedCluster cluster) {
        try {
            return choice.on(cluster.brokers());
        } catch (IllegalArgumentException e) {
            throw TopicMismatchException.unsuitable("The topics cannot be created: " + e.getMessage());
        }
    }

    private static NewTopic newTopic(Topic<?> topic, Replication replication) {
        Map<String, String> configs = new TreeMap<>(topic.configs());
        configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(replication.minInSync()));
        return new NewTopic(topic.name(), topic.partitions(), (short) replication.factor()).configs(configs);
    }

    /** False if somebody else has created it meanwhile. */
    private static boolean isCreated(KafkaFuture<Void> answer) throws ExecutionException, InterruptedException {
        try {
            answer.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException refused) {
                throw refused;
            }
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    /** A topic that was just created may take a moment until every broker knows it. */
    private static ObservedCluster awaitAll(Admin admin) throws ExecutionException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            ObservedCluster cluster = ObservedCluster.ofOurTopics(admin);
            Optional<String> unknown = Topics.ALL.stream()
                    .map(Topic::name)
                    .filter(name -> cluster.topic(name).isEmpty())
                    .findFirst();
            if (unknown.isEmpty()) {
                return cluster;
            }
            if (attempt == 50) {
                throw new ExecutionException(new UnknownTopicOrPartitionException(
                        "%s was created, but the brokers do not know it yet".formatted(unknown.get())));
            }
            Thread.sleep(100);
        }
    }

    private static void requirePartitions(ObservedCluster cluster) {
        List<String> differences = new ArrayList<>();
        for (Topic<?> declared : Topics.ALL) {
            int found = cluster.topic(declared.name())
                    .map(ObservedTopic::partitions)
                    .orElse(declared.partitions());
            if (found != declared.partitions()) {
                differences.add("Topic %s has %d partitions, but must have %d"
                        .formatted(declared.name(), found, declared.partitions()));
            }
        }
        if (!differences.isEmpty()) {
            throw TopicMismatchException.unsuitable(String.join("; ", differences)
                    + ". Use another Kafka cluster, or delete these topics if nothing in them is needed.");
        }
    }

    /**
     * Gives topics of an older program what is declared now, of that which does not touch what they hold. Of the
     * changelogs too, whose configuration Kafka Streams never changes.
     */
    private static void bringUpToDate(Admin admin, ObservedCluster cluster)
            throws ExecutionException, InterruptedException {
        Map<String, SortedMap<String, String>> changes = new TreeMap<>();
        for (ObservedTopic topic : cluster.topics().values()) {
            Map<String, String> declared = Topics.named(topic.name())
                    .<Map<String, String>>map(Topic::configs)
                    .orElse(Changelogs.CONFIGS);
            SortedMap<String, String> changed = new TreeMap<>();
            for (String name : KEPT_UP_TO_DATE) {
                String wanted = declared.get(name);
                if (wanted != null && !TopicCheck.fits(name, topic.config(name), wanted)) {
                    changed.put(name, wanted);
                }
            }
            if (!changed.isEmpty()) {
                changes.put(topic.name(), changed);
            }
        }
        configure(admin, changes);
    }

    /**
     * Changes settings of topics, and leaves their others as they are.
     *
     * @param changes by topic and name
     * @throws TopicMismatchException if this user may not do that
     */
    public static void configure(Admin admin, Map<String, ? extends Map<String, String>> changes)
            throws ExecutionException, InterruptedException {
        Map<ConfigResource, Collection<AlterConfigOp>> ops = new HashMap<>();
        changes.forEach((topic, configs) -> ops.put(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                configs.entrySet().stream().map(TopicSetup::set).toList()));
        try {
            if (!ops.isEmpty()) {
                admin.incrementalAlterConfigs(ops).all().get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                throw TopicMismatchException.refused(
                        "Topics must be configured anew, and {user} may not do that: %s. An administrator does it with gpuctl topics create."
                                .formatted(changes));
            }
            throw e;
        }
    }

    private static AlterConfigOp set(Map.Entry<String, String> config) {
        return new AlterConfigOp(new ConfigEntry(config.getKey(), config.getValue()), AlterConfigOp.OpType.SET);
    }

    private static String named(Set<String> topics) {
        return (topics.size() == 1 ? "Topic " : "Topics ") + String.join(", ", topics);
    }
}
