package io.gpuctl.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused before they reach a route, both on the public port and on the port for other instances. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class AccessIT {

    private static final String PROBLEM = "application/problem+json";

    @TestHTTPResource
    URI url;

    private String answer(int port, String request) throws IOException {
        try (var client = RawClient.connect(port)) {
            return client.send(request).readToEnd();
        }
    }

    private String answer(String request) throws IOException {
        return answer(url.getPort(), request);
    }

    private static String get(String... headers) {
        return "GET / HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "0.0.0.0",
                "[::2]:80",
                "192.0.2.1"
            })
    void refusesAForeignHostOnBothPorts(String host) throws IOException {
        for (int port : new int[] {url.getPort(), BrokerResource.internalPort()}) {
            assertThat(answer(port, get("Host: " + host)))
                    .startsWith("HTTP/1.1 421 ")
                    .contains(PROBLEM, "foreign-host", "--allow-host");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080", "friend.example"})
    void answersUnderItsOwnNames(String host) throws IOException {
        assertThat(answer(get("Host: " + host))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void refusesRequestsWithoutOneHost() throws IOException {
        for (String request : new String[] {
            get("Accept: */*"), get("Host: localhost", "Host: localhost"), get("Host: a b"), get("Host:")
        }) {
            assertThat(answer(request)).startsWith("HTTP/1.1 400 ").contains(PROBLEM, "Host");
        }
        assertThat(answer("GET / HTTP/1.0\r\n\r\n")).contains(" 400 ", PROBLEM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1", "https://localhost", "file://", ""})
    void refusesPagesOfOtherOrigins(String origin) {
        given().header("Origin", origin)
                .contentType(ContentType.JSON)
                .body("{\"task_id\":\"of-a-page\"}")
                .post("/tasks")
                .then()
                .statusCode(403)
                .contentType(PROBLEM)
                .body("type", equalTo("urn:gpuctl:problem:foreign-origin"));
        given().header("Origin", origin).get("/events").then().statusCode(403);
        given().header("Origin", origin).options("/tasks").then().statusCode(403);
    }

    @ParameterizedTest
    @CsvSource({
        "cross-site,no-cors,empty,403",
        "same-site,cors,empty,403",
        "cross-site,navigate,iframe,403",
        "cross-site,navigate,document,200",
        "same-origin,cors,empty,200",
        "none,navigate,document,200"
    })
    void refusesWhatAnotherSiteFetchesButNotItsLinks(String site, String mode, String destination, int status) {
        given().header("Sec-Fetch-Site", site)
                .header("Sec-Fetch-Mode", mode)
                .header("Sec-Fetch-Dest", destination)
                .get("/")
                .then()
                .statusCode(status);
    }

    @Test
    void takesNavigationsFromElsewhereByGetOnly() {
        given().header("Sec-Fetch-Site", "cross-site")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Dest", "document")
                .contentType(ContentType.JSON)
                .post("/scheduler/run")
                .then()
                .statusCode(403);
    }

    @Test
    void answersItsOwnPages() {
        given().header("Origin", "http://localhost:" + url.getPort())
                .header("Host", "localhost:" + url.getPort())
                .header("Sec-Fetch-Site", "same-origin")
                .get("/tasks?limit=0")
                .then()
                .statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tasks",
                "/scheduler/run",
                "/nodes/1/cordon",
                "/nodes/1/drain",
                "/nodes/1/uncordon",
                "/nodes/1/faults"
            })
    void wantsJsonOfEveryPostAlsoOfAnEmptyOne(String path) throws IOException {
        String simple = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        assertThat(answer(simple + "Content-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 415 ")
                .contains(PROBLEM);
        for (String type : new String[] {
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain; application/json"
        }) {
            assertThat(answer(simple + "Content-Type: " + type + "\r\nContent-Length: 2\r\n\r\n{}"))
                    .startsWith("HTTP/1.1 415 ")
                    .contains(PROBLEM);
        }
    }

    @Test
    void wantsJsonOfOtherMethodsThatHaveABody() {
        given().header("Content-Type", "text/plain")
                .body("x")
                .delete("/tasks/1")
                .then()
                .statusCode(415);
        given().header("Content-Type", "text/plain")
                .body("x")
                .put("/tasks/1")
                .then()
                .statusCode(415);
    }

    @Test
    void describesWhatIsNoHttp() throws IOException {
        assertThat(answer("GARBAGE\r\n\r\n")).startsWith("HTTP/1.1 400 ").contains(PROBLEM, "bad-request");
        assertThat(answer("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 501 ")
                .contains(PROBLEM);
        assertThat(answer("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ")
                .contains(PROBLEM, "uri-too-long");
        assertThat(answer(get("Host: localhost", "X: " + "x".repeat(20_000))))
                .startsWith("HTTP/1.1 431 ")
                .contains(PROBLEM, "headers-too-large");
        assertThat(answer(String.join(
                        "\r\n",
                        "POST /tasks HTTP/1.1",
                        "Host: localhost",
                        "Connection: close",
                        "Content-Type: application/json",
                        "Transfer-Encoding: gzip",
                        "",
                        "")))
                .startsWith("HTTP/1.1 501 ")
                .contains(PROBLEM);
    }

    @Test
    void tellsBrowsersWhatTheyMayDoWithAnswers() {
        given().get("/")
                .then()
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Access-Control-Allow-Origin", equalTo(null));
        given().get("/openapi").then().body(containsString("/scheduler/run"));
    }
}
