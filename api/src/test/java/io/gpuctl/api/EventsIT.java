package io.gpuctl.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.gpuctl.api.EventReader.Event;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent.NodeConditionChanged;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.NodeSuspected;
import io.gpuctl.events.ClusterEvent.SchedulerRan;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskSubmitted;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskCommand.RunScheduler;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.Topics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The live events, and the routes that depend on them, on a real broker. The ring holds only 16 facts. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class EventsIT {

    private static final PoolId OTHER_POOL = new PoolId("other");
    private static FactWriter facts;

    @TestHTTPResource
    String url;

    @BeforeAll
    static void openWriter() {
        facts = new FactWriter(BrokerResource.bootstrapServers());
    }

    @AfterAll
    static void closeWriter() {
        facts.close();
    }

    @BeforeEach
    void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/health/ready").then().statusCode(200));
    }

    private EventReader open(String query, String lastEventId) throws Exception {
        var reader = EventReader.open(url.replaceAll("/$", ""), query, lastEventId);
        Awaitility.await().until(() -> !reader.comments().isEmpty());
        return reader;
    }

    private static void submit(PoolId pool, String id) {
        var spec = TaskSpec.of(new TaskId(id), GpuRequest.whole(1, 0), Work.lasting(1));
        facts.write(
                pool,
                new TaskSubmitted(new TaskSpec(
                        spec.taskId(), pool, "u", spec.priority(), spec.gpus(), 0, 0, List.of(), 3, spec.work())));
    }

    private static List<String> ids(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private static List<String> tasks(List<Event> events, List<String> wanted) {
        return events.stream()
                .flatMap(event -> wanted.stream().filter(event::isOf))
                .toList();
    }

    @Test
    void sendsWhatHappens() throws Exception {
        try (var reader = open("", "")) {
            submit(PoolId.DEFAULT, "live-1");

            Awaitility.await()
                    .untilAsserted(() -> assertThat(reader.events()).anySatisfy(event -> {
                        assertThat(event.name()).isEqualTo("task_submitted");
                        assertThat(event.id()).matches("\\d+-\\d+-\\d+-\\d+");
                        assertThat(event.isOf("live-1")).isTrue();
                    }));
        }
    }

    @Test
    void sendsOnlyTheTaskAskedForAndHeartbeats() throws Exception {
        try (var reader = open("?task=filtered-1", "")) {
            submit(PoolId.DEFAULT, "filtered-0");
            submit(PoolId.DEFAULT, "filtered-1");

            Awaitility.await().until(() -> !reader.events().isEmpty());
            Awaitility.await().until(() -> reader.comments().contains("heartbeat"));
            assertThat(reader.events()).allMatch(event -> event.isOf("filtered-1"));
        }
    }

    @Test
    void sendsWhatHappensToNodesButNotWhatTheyMeasure() throws Exception {
        var node = new NodeId("live-node");
        var other = new NodeId("live-other");
        facts.write(PoolId.DEFAULT, new NodeRegistered(FactWriter.node("live-node", PoolId.DEFAULT, 8, 81_920), 1, 0));
        facts.write(PoolId.DEFAULT, new NodeRegistered(FactWriter.node("live-other", PoolId.DEFAULT, 8, 81_920), 1, 0));
        try (var all = open("", "");
                var ofNode = open("?node=live-node", "");
                var ofEither = open("?node=live-node&task=live-task", "")) {
            facts.write(
                    PoolId.DEFAULT, new NodeConditionChanged(new NodeCondition(node, PoolId.DEFAULT, 1, List.of())));
            facts.write(PoolId.DEFAULT, new NodeSuspected(other));
            submit(PoolId.DEFAULT, "live-task");
            facts.write(PoolId.DEFAULT, new NodeSuspected(node));

            Awaitility.await().until(() -> !ofNode.events().isEmpty());
            Awaitility.await().until(() -> ofEither.events().size() == 2);
            Awaitility.await().until(() -> all.events().stream().anyMatch(event -> event.isOf("live-node")));
            assertThat(all.events())
                    .extracting(Event::name)
                    .containsSubsequence("node_suspected", "task_submitted", "node_suspected")
                    .doesNotContain("node_condition_changed");
            assertThat(ofNode.events()).extracting(Event::name).containsExactly("node_suspected");
            assertThat(ofEither.events()).extracting(Event::name).containsExactly("task_submitted", "node_suspected");
        }
        given().get("/events?node=*").then().statusCode(400).body("field", equalTo("node"));
    }

    /** Far more facts than the ring holds, in several partitions, while the reader is away and while it comes back. */
    @Test
    void goesOnWhereTheClientWasWithoutGapOrDuplicate() throws Exception {
        var wanted = ids("resumed-", 300);
        var seen = new ArrayList<Event>();
        try (var reader = open("", "")) {
            wanted.subList(0, 10).forEach(id -> submit(poolOf(id), id));
            Awaitility.await().until(() -> tasks(reader.events(), wanted).size() >= 10);
            seen.addAll(reader.events());
        }
        wanted.subList(10, 200).forEach(id -> submit(poolOf(id), id));

        try (var reader = open("", seen.getLast().id())) {
            wanted.subList(200, 300).forEach(id -> submit(poolOf(id), id));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> tasks(reader.events(), wanted).size() >= 290);
            seen.addAll(reader.events());
        }
        assertThat(tasks(seen, wanted)).containsExactlyInAnyOrderElementsOf(wanted);
    }

    private static PoolId poolOf(String id) {
        return id.hashCode() % 2 == 0 ? PoolId.DEFAULT : OTHER_POOL;
    }

    @Test
    void refusesAnIdThatIsNoneOfOurs() {
        for (String id : List.of("x", "1-2", "1-2-3-99999999999999999999")) {
            given().header("Last-Event-ID", id)
                    .get("/events")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("field", equalTo("Last-Event-ID"));
        }
        given().get("/events?tsak=1").then().statusCode(400).body("field", equalTo("tsak"));
    }

    @Test
    void saysThatTheLogDoesNotHaveAPlaceAndGoesOn() throws Exception {
        submit(PoolId.DEFAULT, "before-the-reset");

        try (var reader = open("", "999999-999999-999999-999999")) {
            Awaitility.await().until(() -> !reader.events().isEmpty());
            var reset = reader.events().getFirst();
            assertThat(reset.name()).isEqualTo("reset");
            assertThat(reset.data()).contains("place-lost", "999999-999999-999999-999999");
            assertThat(reset.id()).doesNotContain("999999");

            submit(PoolId.DEFAULT, "after-the-reset");
            Awaitility.await().until(() -> reader.events().stream().anyMatch(event -> event.isOf("after-the-reset")));
        }
    }

    @Test
    void answersWithWhatThePassPlaced() {
        submit(PoolId.DEFAULT, "to-place");
        var orchestrator = CompletableFuture.runAsync(EventsIT::answerTheNextPass);

        given().contentType(ContentType.JSON)
                .post("/scheduler/run?pool=default")
                .then()
                .statusCode(200)
                .body("placed_count", is(1))
                .body("queued_count", is(3))
                .body("placed.size()", is(1))
                .body("placed[0].task_id", equalTo("to-place"))
                .body("placed[0].node_id", equalTo("n1"))
                .body("placed[0].gpus", equalTo(List.of(2)));
        orchestrator.join();
    }

    /** Answers a {@link RunScheduler} as the orchestrator would. */
    private static void answerTheNextPass() {
        var command = awaitRunScheduler();
        var run = (RunScheduler) command.value();
        var cause = new Cause(command.topic(), command.partition(), command.offset());
        var allocation = new Allocation(new NodeId("n1"), 1, List.of(2), 1000, 0, 0, 0);
        facts.write(
                run.pool(),
                cause,
                new TaskPlaced(new TaskId("to-place"), 1, List.of(allocation), Collections.emptySortedMap()));
        facts.write(run.pool(), cause, new SchedulerRan(run.pool(), run.requestId(), 1, 3));
    }

    private static ConsumerRecord<String, TaskCommand> awaitRunScheduler() {
        Map<String, Object> config =
                Map.of("bootstrap.servers", BrokerResource.bootstrapServers(), "auto.offset.reset", "earliest");
        try (var consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), Topics.TASK_COMMANDS.deserializer())) {
            consumer.assign(IntStream.range(0, Topics.POOL_PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.TASK_COMMANDS.name(), partition))
                    .toList());
            long deadlineNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (System.nanoTime() < deadlineNanos) {
                for (var command : consumer.poll(Duration.ofMillis(50))) {
                    boolean isRecent = command.timestamp() > System.currentTimeMillis() - 2_000;
                    if (command.value() instanceof RunScheduler && isRecent) {
                        return command;
                    }
                }
            }
        }
        throw new AssertionError("No pass was asked for");
    }

    @Test
    void aPassOfNobodyIsAGatewayTimeout() {
        given().contentType(ContentType.JSON)
                .post("/scheduler/run?pool=default")
                .then()
                .statusCode(504)
                .contentType("application/problem+json");
        given().contentType(ContentType.JSON)
                .post("/scheduler/run?pool=unknown-pool")
                .then()
                .statusCode(404);
    }
}
