package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.kafka.TopicFinding.Severity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicCheckTest {
    private static final Replication SAFE = new Replication(3, 2);
    private static final String CHANGELOG = "gpuctl-orchestrator-orchestrator-state-changelog";
    private static final Map<String, String> DEFAULTS = Map.of(
            "cleanup.policy", "delete",
            "retention.bytes", "-1",
            "message.timestamp.type", "CreateTime",
            "unclean.leader.election.enable", "false",
            "min.insync.replicas", "2");
    private static final Map<String, String> SAFE_BROKER = Map.of(
            "auto.create.topics.enable", "false",
            "offsets.topic.replication.factor", "3",
            "transaction.state.log.replication.factor", "3",
            "transaction.state.log.min.isr", "2");

    private final TreeMap<String, ObservedTopic> topics = new TreeMap<>();
    private final TreeSet<String> hidden = new TreeSet<>();
    private Map<String, String> broker = SAFE_BROKER;

    TopicCheckTest() {
        Topics.ALL.forEach(topic -> put(topic.name(), topic.partitions(), topic.configs()));
        Map<String, String> ofChangelog = new HashMap<>(Changelogs.CONFIGS);
        ofChangelog.put("cleanup.policy", "compact");
        put(CHANGELOG, 4, ofChangelog);
    }

    private void put(String name, int partitions, Map<String, String> declared) {
        Map<String, String> configs = new HashMap<>(DEFAULTS);
        configs.putAll(declared);
        topics.put(name, new ObservedTopic(name, partitions, 3, 3, 0, configs));
    }

    private List<TopicFinding> findings() {
        return findings(SAFE);
    }

    private List<TopicFinding> findings(Replication replication) {
        return TopicCheck.findings(cluster(), replication);
    }

    private ObservedCluster cluster() {
        return new ObservedCluster(3, topics, hidden, List.of(broker));
    }

    private void change(String topic, UnaryOperator<ObservedTopic> change) {
        topics.computeIfPresent(topic, (_, found) -> change.apply(found));
    }

    private void configure(String topic, String name, String value) {
        change(topic, found -> {
            Map<String, String> configs = new HashMap<>(found.configs());
            configs.put(name, value);
            return new ObservedTopic(topic, found.partitions(), 3, 3, 0, configs);
        });
    }

    private static String line(TopicFinding finding) {
        return finding.severity() + " " + finding;
    }

    @Test
    void aClusterAsDeclaredFits() {
        assertThat(findings()).isEmpty();
        assertThat(TopicCheck.changes(cluster(), SAFE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "cluster-events, retention.ms, 604800000, 'must be -1'",
        "cluster-events, retention.bytes, 1073741824, 'must be -1'",
        "cluster-events, cleanup.policy, compact, 'must be delete'",
        "task-commands, retention.ms, 3600000, 'must be at least 604800000'",
        "node-conditions, cleanup.policy, delete, 'must be compact'",
        "node-events, max.message.bytes, 1048588, 'must be at least'",
        "broker-clock, message.timestamp.type, CreateTime, 'must be LogAppendTime'",
        "task-reports, message.timestamp.type, LogAppendTime, 'must be CreateTime'",
        "placements, unclean.leader.election.enable, true, 'must be false'",
        "placements, min.insync.replicas, 1, 'must be at least 2'",
        "placements, compression.type, producer, 'must be uncompressed'",
        CHANGELOG + ", cleanup.policy, delete, 'must be compact'",
        CHANGELOG + ", max.message.bytes, 1048588, 'must be at least'"
    })
    void aSettingThatLosesOrRefusesRecordsIsAnErrorAndCanBeMended(
            String topic, String name, String found, String needed) {
        configure(topic, name, found);

        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(line(finding)).startsWith("error %s: %s is %s".formatted(topic, name, found));
            assertThat(line(finding)).contains(needed);
            assertThat(finding.remedy()).isEqualTo("gpuctl topics create --alter");
        });
        assertThat(TopicCheck.changes(cluster(), SAFE)).containsOnlyKeys(topic);
        assertThat(TopicCheck.changes(cluster(), SAFE).get(topic)).containsOnlyKeys(name);
    }

    @ParameterizedTest
    @CsvSource({
        "task-commands, retention.ms, -1",
        "gpu-telemetry, max.message.bytes, 99999999",
        "task-commands, retention.ms, 9999999999"
    })
    void moreRoomThanNeededIsNoDifference(String topic, String name, String found) {
        configure(topic, name, found);

        assertThat(findings()).isEmpty();
    }

    @Test
    void whatIsOnlySlowerIsAWarning() {
        configure("gpu-telemetry", "segment.bytes", "1073741824");

        assertThat(findings()).extracting(TopicFinding::severity).containsExactly(Severity.WARNING);
    }

    @Test
    void anotherNumberOfPartitionsCannotBeMended() {
        change("placements", found -> new ObservedTopic("placements", 6, 3, 3, 0, found.configs()));

        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(line(finding)).isEqualTo("error placements: partitions is 6, but must be 4");
            assertThat(finding.remedy()).contains("the number of partitions cannot change");
        });
        assertThat(TopicCheck.changes(cluster(), SAFE)).isEmpty();
    }

    @Test
    void topicsThatAreMissingOrHiddenAreNamed() {
        topics.remove("placements");
        topics.remove("task-reports");
        hidden.add("task-reports");

        assertThat(findings())
                .extracting(TopicCheckTest::line)
                .containsExactly(
                        "error placements: topic is missing, but must be there",
                        "error task-reports: topic is hidden from this user, but must be visible");
    }

    @Test
    void tooFewCopiesAreAnErrorAndOnesThatAreBehindAWarning() {
        change("cluster-events", found -> new ObservedTopic("cluster-events", 4, 1, 1, 0, found.configs()));
        change(CHANGELOG, found -> new ObservedTopic(CHANGELOG, 4, 3, 2, 0, found.configs()));
        change("node-events", found -> new ObservedTopic("node-events", 4, 3, 2, 1, found.configs()));

        assertThat(findings())
                .extracting(TopicCheckTest::line)
                .containsExactly(
                        "error node-events: partitions without leader is 1, but must be 0",
                        "warning node-events: replicas in sync is 2, but must be 3",
                        "error cluster-events: replication.factor is 1, but must be at least 3",
                        "warning cluster-events: min.insync.replicas is 2, but must be less than the 1 replicas: otherwise no broker may be down",
                        "warning %s: replicas in sync is 2, but must be 3".formatted(CHANGELOG));
    }

    @Test
    void offsetsAndTransactionsAreAsSafeAsTheFactsTheyCommitWith() {
        broker = Map.of("auto.create.topics.enable", "true");

        assertThat(findings())
                .extracting(TopicCheckTest::line)
                .containsExactly(
                        "error brokers: offsets.topic.replication.factor is 1, but must be at least 3",
                        "error brokers: transaction.state.log.replication.factor is 1, but must be at least 3",
                        "error brokers: transaction.state.log.min.isr is 1, but must be at least 2",
                        "warning brokers: auto.create.topics.enable is true, but must be false");

        broker = SAFE_BROKER;
        put("__consumer_offsets", 50, Map.of("min.insync.replicas", "1"));
        put("__transaction_state", 50, Map.of("min.insync.replicas", "1"));

        assertThat(findings())
                .extracting(TopicCheckTest::line)
                .containsExactly("error __transaction_state: min.insync.replicas is 1, but must be at least 2");
    }

    @Test
    void aBrokerThatNeverCameUpIsMissed() {
        broker = new HashMap<>(SAFE_BROKER);
        broker.put("default.replication.factor", "4");

        assertThat(findings())
                .extracting(TopicCheckTest::line)
                .containsExactly(
                        "error brokers: registered is 3, but must be at least 4, the value of default.replication.factor");
    }

    @Test
    void oneCopyThatIsNotForcedToTheDiskIsAWarning() {
        broker = new HashMap<>(SAFE_BROKER);
        broker.put("log.flush.interval.messages", "9223372036854775807");

        assertThat(findings()).isEmpty();
        assertThat(findings(new Replication(1, 1)))
                .extracting(TopicCheckTest::line)
                .containsExactly(
                        "warning brokers: log.flush.interval.messages is not 1, but must be 1 if there is only one replica");
    }
}
