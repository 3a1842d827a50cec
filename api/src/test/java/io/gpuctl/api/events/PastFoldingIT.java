package io.gpuctl.api.events;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.gpuctl.api.BrokerResource;
import io.gpuctl.api.FactWriter;
import io.gpuctl.events.ClusterEvent.RetryDue;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** No orchestrator runs here: the tests write facts themselves. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class PastFoldingIT {
    private static final PoolId POOL = new PoolId("ending");

    /** More records than the first step back from the end of the log covers. */
    private static final int UNREADABLE = 70;

    @Inject
    FactArchive archive;

    @Test
    void theLastFactIsFoundBeforeWhatIsNoFact() throws InterruptedException, ExecutionException {
        Awaitility.await()
                .untilAsserted(() -> given().get("/health/ready").then().statusCode(200));
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(POOL, new RetryDue(new TaskId("ending-1")));
            facts.write(POOL, new RetryDue(new TaskId("ending-2")));
        }
        int partition = PoolPartitioner.partition(POOL);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", BrokerResource.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < UNREADABLE; i++) {
                producer.send(new ProducerRecord<>(Topics.CLUSTER_EVENTS.name(), partition, "ending", "no fact"))
                        .get();
            }
        }

        assertThat(archive.lastFacts())
                .filteredOn(logged -> logged.partition() == partition)
                .extracting(logged -> logged.fact().event())
                .containsExactly(new RetryDue(new TaskId("ending-2")));
    }

    @Test
    void readinessSaysHowThePastIsAndThatNobodyDecides() {
        Awaitility.await()
                .untilAsserted(() -> given().get("/health/ready")
                        .then()
                        .statusCode(200)
                        .body("checks[0].data.problem", equalTo(""))
                        .body("checks[0].data.past", equalTo("folded"))
                        .body("checks[0].data.orchestrator", startsWith("none")));
    }
}
