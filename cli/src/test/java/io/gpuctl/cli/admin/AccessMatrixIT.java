package io.gpuctl.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each user tries everything with real clients on a broker that refuses everything that no rule allows. The expected
 * results follow the design, not the rules: every topic has one writer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class AccessMatrixIT {
    private static final List<String> USERS = List.of("orchestrator", "api", "nodes", "auditor", "deployer");

    private static final Map<String, String> WRITERS = Map.of(
            "task-commands", "api",
            "placements", "orchestrator",
            "task-reports", "nodes",
            "node-events", "nodes",
            "fault-injections", "api",
            "cluster-events", "orchestrator",
            "gpu-telemetry", "nodes",
            "node-conditions", "api",
            "broker-clock", "orchestrator api nodes",
            "dead-letters", "orchestrator api nodes");

    private static final Map<String, String> READERS = Map.of(
            "task-commands", "orchestrator api auditor",
            "placements", "nodes auditor",
            "task-reports", "orchestrator auditor",
            "node-events", "orchestrator auditor",
            "fault-injections", "nodes auditor",
            "cluster-events", "orchestrator api auditor",
            "gpu-telemetry", "api auditor",
            "node-conditions", "orchestrator auditor",
            "broker-clock", "auditor",
            "dead-letters", "auditor");

    private static final List<String> TOPICS =
            WRITERS.keySet().stream().sorted().toList();
    private static final String STATE = "gpuctl-orchestrator-orchestrator-state-changelog";
    private static final String TASKS = "gpuctl-views-tasks-by-id-changelog";
    private static final String FOREIGN = "somebody-elses-topic";

    @TempDir
    static Path directory;

    private SecuredBroker broker;
    private final Map<String, Attempts> attempts = new LinkedHashMap<>();
    private final List<String> matrix = new ArrayList<>();
    private final List<String> surprises = new ArrayList<>();

    @BeforeAll
    void giveRights() throws Exception {
        broker = SecuredBroker.start(directory);
        String admin = broker.adminConfig().toString();
        CommandRun applied = CommandRun.local("kafka", "acls", "--apply", "--kafka-config", admin);
        assertThat(applied.exitCode()).as(applied.err()).isZero();
        CommandRun created = CommandRun.local(
                "topics",
                "create",
                "--kafka-config",
                broker.addUserConfig("gpuctl-deployer").toString());
        assertThat(created.exitCode()).as(created.out() + created.err()).isZero();
        try (var all = new Attempts(broker.adminSettings());
                var client = Admin.create(Map.copyOf(broker.adminSettings()))) {
            client.createTopics(Stream.of(STATE, TASKS, FOREIGN)
                            .map(name -> new NewTopic(name, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
            for (String topic : topics()) {
                assertThat(all.write(topic)).isTrue();
            }
            assertThat(all.beginTransactions("gpuctl-orchestrator-x-1")).isTrue();
            assertThat(all.beginTransactions("gpuctl-views-x-1")).isTrue();
        }
        for (String user : USERS) {
            attempts.put(user, new Attempts(broker.addUser("gpuctl-" + user)));
        }
    }

    @AfterAll
    void stop() {
        attempts.values().forEach(Attempts::close);
        broker.close();
    }

    private static List<String> topics() {
        return Stream.concat(TOPICS.stream(), Stream.of(STATE, TASKS, FOREIGN)).toList();
    }

    @FunctionalInterface
    private interface Attempt {
        boolean by(Attempts user) throws InterruptedException;
    }

    /** Lets every user try; {@code allowed}: the users who must succeed. */
    private void attempt(String what, String allowed, Attempt attempt) throws InterruptedException {
        List<String> row = new ArrayList<>();
        for (String user : USERS) {
            boolean must = List.of(allowed.split(" ")).contains(user);
            boolean can = attempt.by(attempts.get(user));
            row.add("%-12s".formatted(can ? "allowed" : "-"));
            if (can != must) {
                surprises.add("%s by %s was %s".formatted(what, user, can ? "allowed" : "refused"));
            }
        }
        matrix.add("%-62s %s".formatted(what, String.join(" ", row)).stripTrailing());
    }

    @Test
    void everyUserMayDoItsOwnAndIsRefusedTheRest() throws Exception {
        for (String topic : TOPICS) {
            attempt("write " + topic, WRITERS.get(topic), user -> user.write(topic));
            attempt("read " + topic, READERS.get(topic), user -> user.read(topic));
            attempt("describe " + topic, String.join(" ", USERS), user -> user.describe(topic));
            attempt("create " + topic, "deployer", user -> user.create(topic));
            attempt("configure " + topic, "deployer", user -> user.configure(topic));
            attempt("add partitions to " + topic, "", user -> user.addPartitions(topic));
            attempt("delete " + topic, "", user -> user.delete(topic));
        }
        attemptStored(STATE, "orchestrator");
        attemptStored(TASKS, "api");
        attempt("write " + FOREIGN, "", user -> user.write(FOREIGN));
        attempt("read " + FOREIGN, "", user -> user.read(FOREIGN));
        attempt("create another topic", "", user -> user.create("one-more-topic"));
        attempt(
                "join group gpuctl-orchestrator",
                "orchestrator",
                user -> user.join("gpuctl-orchestrator", "task-commands"));
        attempt("join group gpuctl-views", "api", user -> user.join("gpuctl-views", "task-commands"));
        attempt("join another group", "", user -> user.join("another-group", "task-commands"));
        attempt(
                "describe group gpuctl-orchestrator",
                "orchestrator api auditor",
                user -> user.describeGroup("gpuctl-orchestrator"));
        attempt("join group gpuctl-api-events", "", user -> user.join("gpuctl-api-events", "cluster-events"));
        attempt("describe group gpuctl-api-events", "api", user -> user.describeGroup("gpuctl-api-events"));
        attempt("describe group gpuctl-views", "api auditor", user -> user.describeGroup("gpuctl-views"));
        attemptTransactions("gpuctl-orchestrator-x-1", "orchestrator");
        attemptTransactions("gpuctl-views-x-1", "api");
        attempt("begin transactions of another id", "", user -> user.beginTransactions("another-id"));
        attempt("see the brokers' settings", "deployer", Attempts::seeBrokerSettings);
        attempt("grant rights", "", Attempts::grant);

        matrix.addFirst("%-62s %s"
                .formatted(
                        "",
                        String.join(" ", USERS.stream().map("%-12s"::formatted).toList()))
                .stripTrailing());
        Files.write(Path.of("target", "access-matrix.txt"), matrix);
        assertThat(surprises).isEmpty();
        assertThat(matrix).hasSize(1 + TOPICS.size() * 7 + 2 * 5 + 3 + 7 + 2 * 2 + 3);
    }

    private void attemptStored(String changelog, String owner) throws InterruptedException {
        attempt("write " + changelog, owner, user -> user.write(changelog));
        attempt("read " + changelog, owner + " auditor", user -> user.read(changelog));
        attempt("create " + changelog, owner, user -> user.create(changelog));
        attempt("configure " + changelog, "deployer", user -> user.configure(changelog));
        attempt("delete " + changelog, "", user -> user.delete(changelog));
    }

    private void attemptTransactions(String id, String owner) throws InterruptedException {
        attempt("begin transactions of " + id, owner, user -> user.beginTransactions(id));
        attempt("describe transactions of " + id, owner + " auditor", user -> user.describeTransactions(id));
    }
}
