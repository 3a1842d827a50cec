package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.kafka.TopicSetup.TopicMismatchException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TopicSetupIT {
    @TempDir
    Path directory;

    private EmbeddedBroker broker;
    private Admin admin;

    @BeforeEach
    void startBroker() {
        broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    @AfterEach
    void stopBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void createsEveryTopicAsDeclaredAndLeavesItAsItIsTheSecondTime() throws Exception {
        TopicSetup.ensureTopics(admin);
        TopicSetup.ensureTopics(admin);

        for (Topic<?> topic : Topics.ALL) {
            var description = admin.describeTopics(Set.of(topic.name()))
                    .allTopicNames()
                    .get()
                    .get(topic.name());
            assertThat(description.partitions()).as(topic.name()).hasSize(topic.partitions());
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            var configs = admin.describeConfigs(Set.of(resource)).all().get().get(resource);
            topic.configs()
                    .forEach((name, value) ->
                            assertThat(configs.get(name).value()).as(name).isEqualTo(value));
        }
    }

    /** If the settings of the brokers expect three brokers, fewer must not create topics with fewer copies. */
    @Test
    void waitsForTheBrokersThatTheOthersCountOn(@TempDir Path other) throws Exception {
        var counting = EmbeddedBroker.Config.in(other).with(Map.of("default.replication.factor", "3"));
        try (var first = EmbeddedBroker.start(counting);
                var itsAdmin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, first.bootstrapServers()))) {
            assertThatThrownBy(() -> TopicSetup.ensureTopics(itsAdmin))
                    .satisfies(failure -> assertThat(
                                    KafkaProblem.of(failure, KafkaConnection.of(first.bootstrapServers())))
                            .hasValueSatisfying(problem -> {
                                assertThat(problem.kind()).isEqualTo(KafkaProblem.Kind.UNREACHABLE);
                                assertThat(problem.text()).contains("too few brokers are running");
                            }));
            assertThat(itsAdmin.listTopics().names().get()).isEmpty();

            TopicSetup.ensureTopics(itsAdmin, new ReplicationChoice(OptionalInt.of(1), OptionalInt.empty()));

            assertThat(itsAdmin.listTopics().names().get())
                    .containsExactlyInAnyOrderElementsOf(
                            Topics.ALL.stream().map(Topic::name).toList());
        }
    }

    @Test
    void namesEveryTopicWithAnotherNumberOfPartitions() throws Exception {
        admin.createTopics(List.of(
                        new NewTopic("placements", Optional.of(3), Optional.empty()),
                        new NewTopic("cluster-events", Optional.of(1), Optional.empty())))
                .all()
                .get();

        assertThatThrownBy(() -> TopicSetup.ensureTopics(admin))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining("cluster-events has 1 partitions, but must have 4")
                .hasMessageContaining("placements has 3 partitions, but must have 4");
    }

    /** The topics are as an older program left them; Kafka Streams does not change existing changelogs. */
    @Test
    void letsExistingTopicsAndChangelogsTakeWhatTheyMustAndKeepsTheirRecordsAsLong() throws Exception {
        String changelog = Changelogs.name("gpuctl-orchestrator", "orchestrator-state");
        admin.createTopics(List.of(
                        new NewTopic("cluster-events", Optional.of(4), Optional.empty()),
                        new NewTopic("task-commands", Optional.of(4), Optional.empty())
                                .configs(Map.of("retention.ms", "-1")),
                        new NewTopic(changelog, Optional.of(4), Optional.empty()),
                        new NewTopic("gpuctl-of-somebody-else", Optional.of(1), Optional.empty())))
                .all()
                .get();

        TopicSetup.ensureTopics(admin);

        // The broker applies the change a moment later.
        await().untilAsserted(() -> {
            assertThat(config("cluster-events", "max.message.bytes"))
                    .isEqualTo(Integer.toString(RecordLimits.LARGE_BYTES));
            assertThat(config("cluster-events", "compression.type")).isEqualTo("uncompressed");
            assertThat(config(changelog, "max.message.bytes")).isEqualTo(Integer.toString(RecordLimits.LARGE_BYTES));
        });
        assertThat(config("task-commands", "retention.ms")).isEqualTo("-1");
        assertThat(config("gpuctl-of-somebody-else", "max.message.bytes"))
                .isEqualTo(Integer.toString(RecordLimits.ORDINARY_BYTES));
    }

    private String config(String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(Set.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name)
                .value();
    }
}
