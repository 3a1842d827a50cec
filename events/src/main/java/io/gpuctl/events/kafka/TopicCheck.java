package io.gpuctl.events.kafka;

import static io.gpuctl.events.kafka.TopicFinding.Severity.ERROR;
import static io.gpuctl.events.kafka.TopicFinding.Severity.WARNING;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares a Kafka cluster with the needs of gpuctl. */
public final class TopicCheck {
    /** The topics of Kafka's committed offsets and transaction states, which are committed together with the facts. */
    public static final List<String> INTERNAL_TOPICS = List.of("__consumer_offsets", "__transaction_state");

    private static final String BROKERS = "brokers";
    private static final String PARTITIONS = "partitions";
    private static final String REPLICATION_FACTOR = "replication.factor";
    private static final String DEFAULT_FACTOR = "default.replication.factor";
    private static final String FLUSH_SETTING = "log.flush.interval.messages";
    private static final String UNLIMITED = "-1";

    /** The settings of a topic unless its declaration differs, whatever the brokers' defaults are. */
    private static final Map<String, String> OF_EVERY_TOPIC = Map.of(
            CLEANUP_POLICY_CONFIG,
            CLEANUP_POLICY_DELETE,
            RETENTION_BYTES_CONFIG,
            UNLIMITED,
            MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "CreateTime",
            UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
            "false");

    /** Settings that only cost or save time and space: no records are lost with another value. */
    private static final Set<String> TUNING =
            Set.of(SEGMENT_BYTES_CONFIG, MIN_CLEANABLE_DIRTY_RATIO_CONFIG, FLUSH_MESSAGES_INTERVAL_CONFIG);

    private final ObservedCluster cluster;
    private final Replication replication;
    private final List<TopicFinding> findings = new ArrayList<>();

    private TopicCheck(ObservedCluster cluster, Replication replication) {
        this.cluster = cluster;
        this.replication = replication;
    }

    /**
     * Returns the differences: of the topics in the order of their declaration, then of the changelogs, then of the
     * brokers.
     */
    public static List<TopicFinding> findings(ObservedCluster cluster, Replication replication) {
        return new TopicCheck(cluster, replication).run();
    }

    private List<TopicFinding> run() {
        for (Topic<?> topic : Topics.ALL) {
            cluster.topic(topic.name())
                    .ifPresentOrElse(found -> check(topic, found), () -> reportMissing(topic.name()));
        }
        cluster.topics().values().stream()
                .filter(topic -> Changelogs.isOurs(topic.name()))
                .forEach(topic -> {
                    checkReplication(topic);
                    checkConfigs(topic, needed(topic.name(), replication));
                });
        checkInternalTopics();
        checkBrokers();
        return List.copyOf(findings);
    }

    private void reportMissing(String topic) {
        if (cluster.hidden().contains(topic)) {
            add(ERROR, topic, "topic", "hidden from this user", "visible", "gpuctl kafka acls --apply");
        } else {
            add(ERROR, topic, "topic", "missing", "there", "gpuctl topics create");
        }
    }

    private void check(Topic<?> declared, ObservedTopic found) {
        if (found.partitions() != declared.partitions()) {
            add(
                    ERROR,
                    found.name(),
                    PARTITIONS,
                    Integer.toString(found.partitions()),
                    Integer.toString(declared.partitions()),
                    "the number of partitions cannot change once the topic has records: delete the topic if it"
                            + " is empty, or use another Kafka cluster; then run gpuctl topics create");
        }
        checkReplication(found);
        checkConfigs(found, needed(found.name(), replication));
    }

    /** Returns the settings of gpuctl's topics that do not fit, with values that do, by topic and name. */
    public static SortedMap<String, SortedMap<String, String>> changes(
            ObservedCluster cluster, Replication replication) {
        SortedMap<String, SortedMap<String, String>> changes = new TreeMap<>();
        for (ObservedTopic topic : cluster.topics().values()) {
            if (INTERNAL_TOPICS.contains(topic.name())) {
                continue;
            }
            SortedMap<String, String> needed = needed(topic.name(), replication);
            needed.entrySet()
                    .removeIf(config -> fits(config.getKey(), topic.config(config.getKey()), config.getValue()));
            if (!needed.isEmpty()) {
                changes.put(topic.name(), needed);
            }
        }
        return changes;
    }

    /** Returns the configuration that a topic or changelog of gpuctl must have. */
    private static SortedMap<String, String> needed(String topic, Replication replication) {
        SortedMap<String, String> needed = new TreeMap<>(OF_EVERY_TOPIC);
        needed.put(MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(replication.minInSync()));
        if (Changelogs.isOurs(topic)) {
            needed.put(CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_COMPACT);
            needed.putAll(Changelogs.CONFIGS);
        } else {
            needed.putAll(Topics.named(topic).orElseThrow().configs());
        }
        return needed;
    }

    private void checkReplication(ObservedTopic topic) {
        if (topic.leaderless() > 0) {
            add(
                    ERROR,
                    topic.name(),
                    "partitions without leader",
                    topic.leaderless(),
                    "0",
                    "start the brokers that are down");
        }
        if (topic.replicas() < replication.factor()) {
            add(
                    ERROR,
                    topic.name(),
                    REPLICATION_FACTOR,
                    topic.replicas(),
                    "at least " + replication.factor(),
                    "add replicas to its partitions with kafka-reassign-partitions.sh");
        }
        if (topic.inSync() < topic.replicas()) {
            add(
                    WARNING,
                    topic.name(),
                    "replicas in sync",
                    topic.inSync(),
                    Integer.toString(topic.replicas()),
                    "start the brokers that are down, or wait until they have caught up");
        }
    }

    private void checkConfigs(ObservedTopic topic, SortedMap<String, String> needed) {
        needed.forEach((name, value) -> {
            String found = topic.config(name);
            if (!fits(name, found, value)) {
                add(
                        TUNING.contains(name) ? WARNING : ERROR,
                        topic.name(),
                        name,
                        found,
                        inWords(name, value),
                        "gpuctl topics create --alter");
            }
        });
        int minInSync = number(topic.configs().getOrDefault(MIN_IN_SYNC_REPLICAS_CONFIG, "1"), 1);
        if (minInSync > 1 && minInSync >= topic.replicas()) {
            add(
                    WARNING,
                    topic.name(),
                    MIN_IN_SYNC_REPLICAS_CONFIG,
                    minInSync,
                    "less than the " + topic.replicas() + " replicas: otherwise no broker may be down",
                    "lower it with kafka-configs.sh, or add replicas with kafka-reassign-partitions.sh");
        }
    }

    /** Returns whether a setting fits: more room, longer retention and more copies than declared do no harm. */
    static boolean fits(String name, String found, String needed) {
        return switch (name) {
            case MAX_MESSAGE_BYTES_CONFIG, MIN_IN_SYNC_REPLICAS_CONFIG -> number(found, 0) >= number(needed, 0);
            case RETENTION_MS_CONFIG, RETENTION_BYTES_CONFIG -> limit(found) >= limit(needed);
            case FLUSH_MESSAGES_INTERVAL_CONFIG, MIN_CLEANABLE_DIRTY_RATIO_CONFIG, SEGMENT_BYTES_CONFIG ->
                Double.compare(decimal(found), decimal(needed)) == 0;
            default -> found.equals(needed);
        };
    }

    private static String inWords(String name, String needed) {
        return switch (name) {
            case MAX_MESSAGE_BYTES_CONFIG, MIN_IN_SYNC_REPLICAS_CONFIG -> "at least " + needed;
            case RETENTION_MS_CONFIG, RETENTION_BYTES_CONFIG ->
                needed.equals(UNLIMITED) ? needed : "at least " + needed;
            default -> needed;
        };
    }

    /**
     * Checks Kafka's internal topics, or the settings for their creation: Kafka creates them for the first group or
     * transaction, with the settings that the brokers have then.
     */
    private void checkInternalTopics() {
        cluster.topic("__consumer_offsets")
                .ifPresentOrElse(
                        this::checkReplication,
                        () -> atLeast("offsets.topic.replication.factor", replication.factor()));
        cluster.topic("__transaction_state").ifPresentOrElse(this::checkTransactions, () -> {
            atLeast("transaction.state.log.replication.factor", replication.factor());
            atLeast("transaction.state.log.min.isr", replication.minInSync());
        });
    }

    private void checkTransactions(ObservedTopic transactions) {
        checkReplication(transactions);
        String found = transactions.configs().getOrDefault(MIN_IN_SYNC_REPLICAS_CONFIG, "1");
        if (number(found, 1) < replication.minInSync()) {
            add(
                    ERROR,
                    transactions.name(),
                    MIN_IN_SYNC_REPLICAS_CONFIG,
                    found,
                    "at least " + replication.minInSync(),
                    "kafka-configs.sh --alter --topic __transaction_state");
        }
    }

    private void checkBrokers() {
        int copies = cluster.brokerSettings().stream()
                .mapToInt(broker -> number(broker.getOrDefault(DEFAULT_FACTOR, "1"), 1))
                .max()
                .orElse(1);
        if (copies > cluster.brokers()) {
            add(
                    ERROR,
                    BROKERS,
                    "registered",
                    cluster.brokers(),
                    "at least %d, the value of %s".formatted(copies, DEFAULT_FACTOR),
                    "start the brokers that were never started");
        }
        if (hasBroker("auto.create.topics.enable", "true")) {
            add(
                    WARNING,
                    BROKERS,
                    "auto.create.topics.enable",
                    "true",
                    "false",
                    "set it in server.properties: otherwise Kafka creates mistyped topics");
        }
        boolean isForced = cluster.brokerSettings().stream()
                .allMatch(broker -> broker.getOrDefault(FLUSH_SETTING, "1").equals("1"));
        if (replication.factor() == 1 && !isForced) {
            add(
                    WARNING,
                    BROKERS,
                    FLUSH_SETTING,
                    "not 1",
                    "1 if there is only one replica",
                    "set it in server.properties: otherwise a power cut may lose the newest acknowledged records");
        }
    }

    private boolean hasBroker(String setting, String value) {
        return cluster.brokerSettings().stream().anyMatch(broker -> value.equals(broker.get(setting)));
    }

    private void atLeast(String setting, int needed) {
        cluster.brokerSettings().stream()
                .map(broker -> broker.getOrDefault(setting, "1"))
                .filter(found -> number(found, 1) < needed)
                .findFirst()
                .ifPresent(found ->
                        add(ERROR, BROKERS, setting, found, "at least " + needed, "set it in server.properties"));
    }

    private void add(
            TopicFinding.Severity severity, String subject, String property, int found, String needed, String remedy) {
        add(severity, subject, property, Integer.toString(found), needed, remedy);
    }

    private void add(
            TopicFinding.Severity severity,
            String subject,
            String property,
            String found,
            String needed,
            String remedy) {
        findings.add(new TopicFinding(severity, subject, property, found, needed, remedy));
    }

    private static long limit(String value) {
        return value.equals(UNLIMITED) ? Long.MAX_VALUE : (long) decimal(value);
    }

    private static int number(String value, int otherwise) {
        double number = decimal(value);
        return Double.isNaN(number) ? otherwise : (int) number;
    }

    private static double decimal(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }
}
