package io.gpuctl.api.metrics;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.gpuctl.api.BrokerResource;
import io.gpuctl.api.FactWriter;
import io.gpuctl.events.ClusterEvent.NodeLost;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.NodeShutDown;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages for Prometheus over HTTP, and the metrics of the process. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class MetricsIT {
    private static final PoolId POOL = new PoolId("metered");
    private static final String TEXT = "text/plain;charset=utf-8;version=0.0.4";

    /** The header that Prometheus 3 sends. */
    private static final String ACCEPT = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    @BeforeEach
    void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/health/ready").then().statusCode(200));
    }

    private static void givenNodes(String... ids) {
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            for (String id : ids) {
                facts.write(POOL, new NodeRegistered(FactWriter.node(id, POOL, 2, 81_920), 1, 0));
            }
        }
        Awaitility.await()
                .untilAsserted(() ->
                        given().get("/nodes/{id}", ids[ids.length - 1]).then().statusCode(200));
    }

    private static ParsedPage page(String node) {
        return new ParsedPage(given().header("Accept", ACCEPT)
                .get("/metrics/nodes/{id}", node)
                .then()
                .statusCode(200)
                .header("Content-Type", equalTo(TEXT))
                .extract()
                .body()
                .asByteArray());
    }

    @Test
    void servesANodesPage() {
        givenNodes("metered-a.b_c-d");
        assertThat(page("metered-a.b_c-d").byGpu("gpuctl_gpu_up")).containsEntry("0", "0");

        Awaitility.await().untilAsserted(() -> {
            try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
                var gpu = new NodeTelemetry.Gpu(0.9, 16_384, 366, 71.5, 1_410, false);
                facts.write(new NodeTelemetry(
                        new NodeId("metered-a.b_c-d"), POOL, System.currentTimeMillis(), List.of(gpu, gpu)));
            }
            assertThat(page("metered-a.b_c-d").byGpu("DCGM_FI_DEV_GPU_UTIL")).containsEntry("1", "90");
        });
    }

    @Test
    void hasNoPageForANodeThatIsNotThere() {
        givenNodes("metered-down");
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(POOL, new NodeShutDown(new NodeId("metered-down")));
        }

        Awaitility.await()
                .untilAsserted(() -> given().get("/metrics/nodes/metered-down")
                        .then()
                        .statusCode(404)
                        .contentType("application/problem+json")
                        .body("detail", containsString("metered-down has shut down")));
        given().get("/metrics/nodes/nowhere").then().statusCode(404).contentType("application/problem+json");
        given().get("/metrics/nodes").then().statusCode(404).contentType("application/problem+json");
        given().get("/metrics/nodes/nowhere?gpu=1").then().statusCode(400);
    }

    @Test
    void listsEachNodeThatIsThereOnce() {
        givenNodes("metered-1", "metered-2", "metered-3");
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(POOL, new NodeLost(new NodeId("metered-2")));
            facts.write(POOL, new NodeShutDown(new NodeId("metered-3")));
        }

        Awaitility.await()
                .untilAsserted(() -> given().get("/metrics/targets")
                        .then()
                        .statusCode(200)
                        .contentType("application/json")
                        .body("findAll { it.labels.instance == 'metered-3' }.size()", is(0)));
        for (String node : List.of("metered-1", "metered-2")) {
            given().get("/metrics/targets")
                    .then()
                    .body("findAll { it.labels.instance == '%s' }.size()".formatted(node), is(1))
                    .rootPath("find { it.labels.instance == '%s' }".formatted(node))
                    .body("targets", equalTo(List.of("api.example:8080")))
                    .body("labels.__metrics_path__", equalTo("/metrics/nodes/" + node))
                    .body("labels.pool", equalTo("metered"))
                    .body("labels.rack", equalTo(""));
        }
    }

    @Test
    void theProcessHasItsOwnPage() {
        given().get("/metrics").then().statusCode(200).body(containsString("jvm_memory_used_bytes"));
        given().get("/metrics/anything").then().statusCode(404).contentType("application/problem+json");
    }
}
