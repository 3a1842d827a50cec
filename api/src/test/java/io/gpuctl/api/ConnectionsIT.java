package io.gpuctl.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that hold connections, and instances that disconnect before their answers. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class ConnectionsIT {

    private static final String SLOW_BODY = "POST /tasks HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";

    @TestHTTPResource
    URI url;

    @BeforeEach
    void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/health/ready").then().statusCode(200));
    }

    private static void submit(String taskId) {
        given().contentType(ContentType.JSON)
                .body("{\"task_id\":\"%s\"}".formatted(taskId))
                .post("/tasks")
                .then()
                .statusCode(201);
    }

    @Test
    void endsRequestsThatDoNotCome() throws IOException {
        for (String part : List.of("GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX: ", SLOW_BODY)) {
            try (var client = RawClient.connect(url.getPort()).send(part)) {
                assertThat(client.readToEnd())
                        .startsWith("HTTP/1.1 408 ")
                        .contains("application/problem+json", "request-timeout");
            }
        }
    }

    /**
     * Three times the maximum number of connections, on each port: the connections that have waited longest for their
     * clients make room.
     */
    @Test
    void halfRequestsKeepNobodyOut() throws IOException {
        var held = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 3 * BrokerResource.CONNECTIONS_MAX; i++) {
                held.add(RawClient.connect(i % 2 == 0 ? url.getPort() : BrokerResource.internalPort())
                        .send("GET / HTTP/1.1\r\nHost:"));
            }
            submit("beside-half-requests");
            given().get("/metrics")
                    .then()
                    .body(containsString("gpuctl_http_connections_ended_total{reason=\"room_for_another\"}"));
        } finally {
            held.forEach(RawClient::close);
        }
    }

    /** Each question that waits holds one of 10,000 places for each of its four partitions. */
    @Test
    void askersThatLeaveGiveTheirPlacesBack() throws IOException {
        String all = "[0,1,2,3]";
        String waiting = "{\"pool_partitions\":%s,\"telemetry_partitions\":%s,\"query\":{\"type\":\"commands_seen\","
                + "\"offsets\":{\"0\":99999999,\"1\":99999999,\"2\":99999999,\"3\":99999999},\"wait_ms\":%s}}";
        String question = waiting.formatted(all, all, 10_000);
        String request = "POST /internal/views HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: %d\r\n\r\n%s".formatted(question.length(), question);
        for (int i = 0; i < 3_000; i++) {
            RawClient.connect(BrokerResource.internalPort()).send(request).close();
        }
        submit("beside-askers-that-left");

        given().port(BrokerResource.internalPort())
                .contentType(ContentType.JSON)
                .body(waiting.formatted(all, all, Long.MAX_VALUE))
                .post("/internal/views")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }
}
