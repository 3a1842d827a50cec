package io.gpuctl.cli.admin;

import static io.gpuctl.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class AdminCommandsIT {
    @TempDir
    static Path directory;

    private SecuredBroker broker;
    private Admin admin;
    private String config = "";

    @BeforeAll
    void start() throws Exception {
        broker = SecuredBroker.start(directory);
        admin = Admin.create(Map.copyOf(broker.adminSettings()));
        config = broker.adminConfig().toString();
    }

    @AfterAll
    void stop() {
        admin.close();
        broker.close();
    }

    private CommandRun run(String... args) {
        List<String> all = new ArrayList<>(Arrays.asList(args));
        all.addAll(List.of("--kafka-config", config));
        return CommandRun.local(all.toArray(String[]::new));
    }

    @Test
    void rightsAreComparedAddedOnceAndPruned() throws Exception {
        assertThat(run("kafka", "acls", "--check"))
                .satisfies(checked -> assertThat(checked.exitCode()).isEqualTo(1))
                .satisfies(checked ->
                        assertThat(checked.out()).contains("missing: User:gpuctl-nodes Read on topic placements\n"));
        assertThat(run("kafka", "acls", "--apply").out())
                .contains("added: User:gpuctl-nodes Read on topic placements\n")
                .endsWith("added, 0 not in the table\n");
        // The broker applies the rights a moment later.
        await().untilAsserted(() -> assertThat(run("kafka", "acls", "--check").out())
                .isEqualTo("Every user has the rights that it needs, and no others.\n"));
        assertThat(run("kafka", "acls", "--apply").out()).isEqualTo("0 added, 0 not in the table\n");

        admin.createAcls(List.of(new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, "cluster-events", PatternType.LITERAL),
                        new AccessControlEntry("User:gpuctl-nodes", "*", AclOperation.WRITE, AclPermissionType.ALLOW))))
                .all()
                .get();

        String extra = "User:gpuctl-nodes Write on topic cluster-events\n";
        await().untilAsserted(() ->
                assertThat(run("kafka", "acls", "--check").out()).isEqualTo("not in the table: " + extra));
        assertThat(run("kafka", "acls", "--apply").out())
                .isEqualTo("not in the table, kept: " + extra + "0 added, 1 not in the table: --prune removes them\n");
        assertThat(run("kafka", "acls", "--apply", "--prune").out())
                .isEqualTo("removed: " + extra + "0 added, 1 removed\n");
        await().untilAsserted(() ->
                assertThat(run("kafka", "acls", "--check").exitCode()).isZero());
    }

    @Test
    void aUserWithAPasswordFromAFileIsKnownToTheBroker() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "of the deployer\n");

        CommandRun created =
                run("kafka", "users", "--password-file", "deployer=" + password, "--user", "deployer=User:ada");

        assertThat(created.out() + created.err()).isEqualTo("set the password of User:ada\n");
        assertThat(admin.describeUserScramCredentials(List.of("ada")).all().get())
                .containsKey("ada");
    }

    @Test
    void aFileThatIsNoPasswordIsRefused() throws Exception {
        Path two = Files.writeString(directory.resolve("two-lines"), "one\ntwo\n");

        CommandRun refused = run("kafka", "users", "--password-file", "api=" + two);

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("two-lines has 2 lines, but must have one line, which is the password");
    }

    @Test
    void topicsAreCreatedCheckedAndMended() throws Exception {
        CommandRun missing = run("topics", "check", "-o", "json");
        assertThat(missing.exitCode()).as(missing.err()).isEqualTo(1);
        var document = new ObjectMapper().readTree(missing.out());
        assertThat(document.get("fits").asBoolean()).isFalse();
        assertThat(document.get("findings").findValuesAsText("topic")).contains("cluster-events", "dead-letters");

        CommandRun created = run("topics", "create");
        assertThat(created.exitCode()).as(created.out() + created.err()).isZero();
        assertThat(created.out())
                .contains("created cluster-events\n", "1 broker, replication factor 1", "the cluster fits");
        assertThat(run("topics", "create").out()).doesNotContain("created");

        var facts = new ConfigResource(ConfigResource.Type.TOPIC, "cluster-events");
        admin.incrementalAlterConfigs(Map.of(
                        facts,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("retention.ms", "604800000"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        await().untilAsserted(() -> assertThat(run("topics", "check").out())
                .containsPattern("error +cluster-events +retention.ms +604800000 +-1 +gpuctl topics create --alter")
                .contains("the cluster does not fit"));
        CommandRun mended = run("topics", "create", "--alter");
        assertThat(mended.out()).contains("set retention.ms of cluster-events to -1\n");
        await().untilAsserted(
                        () -> assertThat(run("topics", "check").exitCode()).isZero());

        admin.createPartitions(Map.of("placements", NewPartitions.increaseTo(6)))
                .all()
                .get();
        await().untilAsserted(() -> assertThat(run("topics", "check").out())
                .containsPattern("error +placements +partitions +6 +4 +the number of partitions cannot change"));
        assertThat(run("topics", "create").err()).contains("Topic placements has 6 partitions, but must have 4");
    }

    @Test
    void moreCopiesThanBrokersAreRefused() {
        CommandRun refused = run("topics", "check", "--replication-factor", "3");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("the replication factor is 3, but the cluster has 1 broker");
    }

    @Test
    void aBrokerWithoutAuthorizerIsNamed() {
        try (var open = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("open")))) {
            CommandRun refused = CommandRun.local("kafka", "acls", "--apply", "--kafka", open.bootstrapServers());

            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("has no authorizer", "authorizer.class.name");
        }
    }
}
