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
 * Creates missing topics, and refuses topics that are not as declared. A user without the right to create or change
 * topics needs topics that already exist as declared.
 */
public final class TopicSetup {
    /** The settings that are kept up to date. Retention is not among them: an import sets it as its records need. */
    private static final List<String> KEPT_UP_TO_DATE = List.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            TopicConfig.COMPRESSION_TYPE_CONFIG,
            TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG);

    private TopicSetup() {}

    /** The topics are not as declared, and this user cannot change that. The message says what to do. */
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

        /**
         * Returns an exception for a user without rights; {@code text} has {@value #USER} in place of the user's name.
         */
        static TopicMismatchException refused(String text) {
            return new TopicMismatchException(text, true);
        }

        static TopicMismatchException unsuitable(String text) {
            return new TopicMismatchException(text, false);
        }

        /** Returns whether a user with more rights could correct the topics. */
        public boolean isRefused() {
            return isRefused;
        }

        /** Returns the message with the user's name. */
        public String messageFor(String user) {
            return text.replace(USER, user);
        }
    }

    /** Ensures that every topic exists, with as many copies as the number of brokers allows. */
    public static void ensureTopics(Admin admin) throws ExecutionException, InterruptedException {
        ensureTopics(admin, ReplicationChoice.BY_BROKERS);
    }

    /**
     * Ensures that every topic exists and accepts gpuctl's largest records. Several processes may do this at once.
     *
     * @param choice how many copies the new topics get; existing topics keep theirs
     * @return the topics that were created
     * @throws ExecutionException with an {@link org.apache.kafka.common.errors.InvalidReplicationFactorException} if
     *     more brokers must start first
     * @throws TopicMismatchException if a topic has another number of partitions than declared, or if this user may not
     *     see, create or change a topic that needs it
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
                    ("%s: {user} may not describe them or their configuration. An administrator must grant the"
                                    + " rights with gpuctl kafka acls --apply.")
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
                    ("%s missing, and {user} may not create topics. An administrator must create them with gpuctl"
                                    + " topics create.")
                            .formatted(named(refused) + (refused.size() == 1 ? " is" : " are")));
        }
        return created;
    }

    /**
     * Fails if it is too early to count the brokers. A broker that has never started is unknown, but the settings of
     * the others may say how many brokers to expect: too few have started as long as they cannot make as many copies as
     * their own {@code default.replication.factor} says.
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
                return; // The creation itself is refused too, and its error says what to do.
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

    /** Returns false if another process has created the topic meanwhile. */
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

    /** Waits until the brokers know all topics: after a creation, this may take a moment. */
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
     * Updates topics of an older program, changelogs included, to the settings declared now, as far as these do not
     * affect stored records. Kafka Streams never changes the configuration of changelogs.
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
     * Changes these settings of topics and leaves other settings as they are.
     *
     * @param changes by topic and name
     * @throws TopicMismatchException if this user may not change them
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
                        ("The configuration of topics must change, and {user} may not change it: %s. An"
                                        + " administrator must run gpuctl topics create.")
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
