package io.gpuctl.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The broker goes away and comes back. Runs in a separate application, because other tests need their broker. */
@QuarkusTest
@WithTestResource(value = BrokerResource.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class BrokerAwayIT {

    private static void awaitReady(int status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/health/ready").then().statusCode(status));
    }

    private static int submit() {
        return given().contentType(ContentType.JSON)
                .body("{\"task_id\":\"before\"}")
                .post("/tasks")
                .statusCode();
    }

    private static String metrics() {
        return given().get("/metrics").then().statusCode(200).extract().asString();
    }

    @Test
    void saysSoWhileTheBrokerIsAwayAndRecovers() {
        awaitReady(200);
        assertThat(submit()).isEqualTo(201);
        assertThat(metrics()).contains("gpuctl_view_ready 1.0", "gpuctl_pools 0.0");

        BrokerResource.stopBroker();
        long startNanos = System.nanoTime();
        given().contentType(ContentType.JSON)
                .body("{\"task_id\":\"during\"}")
                .post("/tasks")
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "2")
                .body("type", startsWith("urn:gpuctl:problem:"));
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(10));
        awaitReady(503);
        given().get("/health/live").then().statusCode(200);
        // Outdated numbers must not be served.
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(metrics())
                        .contains("gpuctl_view_ready 0.0")
                        .doesNotContain("gpuctl_pools", "gpuctl_nodes", "gpuctl_gpus_reporting"));
        // The views may notice first; the service knows after some seconds that the broker is the cause.
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().get("/tasks/never-submitted")
                        .then()
                        .statusCode(503)
                        .body("type", equalTo("urn:gpuctl:problem:broker-away")));
        given().get("/health/ready")
                .then()
                .body("checks[0].data.problem", containsString("The broker has not answered for some seconds"));

        BrokerResource.restartBroker();
        awaitReady(200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(submit()).isEqualTo(201));
        given().get("/tasks/before").then().statusCode(200);
    }
}
