package io.gpuctl.api.tasks;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.BrokerResource;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.kafka.Topics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The window on the newest commands is so small here that it moves while a submission is decided: the views must
 * decide. The ids are of this test alone, because the service's own window misses the commands of this test.
 */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class MovingWindowIT {
    private static final int KEPT_MAX = 4;
    private static final int IDS = 25;
    private static final int CLIENTS = 8;

    @Inject
    ClusterClock clock;

    private RecentCommands window;
    private Map<Integer, Long> beginsBefore;

    @BeforeEach
    void replaceTheWindow() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/health/ready").then().statusCode(200));
        window = new RecentCommands(clock, KEPT_MAX);
        beginsBefore = ends();
        window.begin(beginsBefore);
        QuarkusMock.installMockForType(window, RecentCommands.class);
    }

    private static Map<Integer, Long> ends() {
        Map<String, Object> settings =
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, BrokerResource.bootstrapServers());
        List<TopicPartition> partitions = IntStream.range(0, Topics.TASK_COMMANDS.partitions())
                .mapToObj(partition -> new TopicPartition(Topics.TASK_COMMANDS.name(), partition))
                .toList();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Map<Integer, Long> ends = new TreeMap<>();
            consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }
    }

    /** Of eight clients for each id, four submit one task, and four submit another. */
    @Test
    void theViewsDecideWhatTheWindowNoLongerHas() throws Exception {
        List<Future<Integer>> asked = new ArrayList<>();
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < IDS * CLIENTS; i++) {
                String id = "moving-" + i / CLIENTS;
                String user = "user-" + i % 2;
                asked.add(clients.submit(() -> submit(id, user)));
            }
        }
        for (int id = 0; id < IDS; id++) {
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : asked.subList(id * CLIENTS, (id + 1) * CLIENTS)) {
                statuses.add(answer.get());
            }
            List<Integer> first = everySecond(statuses, 0);
            List<Integer> second = everySecond(statuses, 1);
            assertThat(Set.of(Set.copyOf(first), Set.copyOf(second)))
                    .as("the answers for moving-%d: %s", id, statuses)
                    .isEqualTo(Set.of(Set.of(201), Set.of(409)));
        }
        assertThat(window.reachBackTo(beginsBefore)).isFalse();
    }

    private static int submit(String id, String user) {
        return given().contentType(ContentType.JSON)
                .body("{\"task_id\":\"%s\",\"user\":\"%s\"}".formatted(id, user))
                .post("/tasks")
                .statusCode();
    }

    private static List<Integer> everySecond(List<Integer> all, int begin) {
        return IntStream.iterate(begin, i -> i < all.size(), i -> i + 2)
                .mapToObj(all::get)
                .toList();
    }
}
