package io.gpuctl.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskStarted;
import io.gpuctl.events.ClusterEvent.TaskSubmitted;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks over HTTP, on a real broker; the test writes the orchestrator's facts. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class TasksIT {

    private static final String PROBLEM = "application/problem+json";
    private static FactWriter facts;

    @TestHTTPResource
    String url;

    @BeforeAll
    static void openWriter() {
        facts = new FactWriter(BrokerResource.bootstrapServers());
        RestAssured.enableLoggingOfRequestAndResponseIfValidationFails();
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

    private static ValidatableResponse submit(String body) {
        return given().contentType(ContentType.JSON).body(body).post("/tasks").then();
    }

    @Test
    void acceptsTheCallThatPeopleKnow() {
        submit("{\"task_id\":\"task_001\",\"duration\":60,\"memory_required\":16,\"priority\":\"high\"}")
                .statusCode(201)
                .header("Location", containsString("/tasks/task_001"))
                .body("task_id", equalTo("task_001"))
                .body("state", equalTo("queued"))
                .body("priority", equalTo("high"))
                .body("gpus", is(1))
                .body("memory_required", is(16))
                .body("gpu_memory_mib", is(16384))
                .body("duration", is(60))
                .body("pending_reason.code", equalTo("AwaitingPass"))
                .body("started_at", nullValue());
    }

    @Test
    void aSubmittedTaskIsFoundAtOnce() {
        for (int i = 0; i < 50; i++) {
            String id = submit("{}").statusCode(201).extract().path("task_id");
            given().get("/tasks/" + id).then().statusCode(200).body("task_id", equalTo(id));
        }
    }

    @Test
    void answersTheSameSubmissionLikeTheFirst() {
        String body = "{\"task_id\":\"twice\",\"gpus\":0.5,\"duration\":1.5}";
        var first = submit(body).statusCode(201).extract();
        var second = submit(body).statusCode(201).extract();

        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.<String>path("submitted_at")).isEqualTo(first.path("submitted_at"));
    }

    @Test
    void theSameIdempotencyKeyIsTheSameTask() {
        var ids = IntStream.range(0, 2)
                .mapToObj(_ -> given().contentType(ContentType.JSON)
                        .header("Idempotency-Key", "order 66")
                        .body("{\"gpus\":2}")
                        .post("/tasks")
                        .then()
                        .statusCode(201)
                        .extract()
                        .<String>path("task_id"))
                .distinct()
                .toList();

        assertThat(ids).hasSize(1).allMatch(id -> id.matches("idem-[0-9a-f]{24}"));
    }

    @Test
    void refusesAnotherTaskWithTheSameIdempotencyKey() {
        for (int seconds : List.of(60, 60, 61)) {
            given().contentType(ContentType.JSON)
                    .header("Idempotency-Key", "order 67")
                    .body("{\"duration\":%d}".formatted(seconds))
                    .post("/tasks")
                    .then()
                    .statusCode(seconds == 60 ? 201 : 422)
                    .body("type", seconds == 60 ? nullValue() : equalTo("urn:gpuctl:problem:key-reused"))
                    .body("field", seconds == 60 ? nullValue() : equalTo("Idempotency-Key"));
        }
    }

    @Test
    void refusesAnotherTaskOfTheSameId() {
        submit("{\"task_id\":\"taken\",\"duration\":60}").statusCode(201);
        submit("{\"task_id\":\"taken\",\"duration\":61}")
                .statusCode(409)
                .contentType(PROBLEM)
                .body("type", equalTo("urn:gpuctl:problem:task-exists"))
                .body("field", equalTo("task_id"))
                .body("detail", containsString("another duration"));
    }

    @Test
    void exactlyOneOfManyDifferentSubmissionsWins() {
        for (int round = 0; round < 10; round++) {
            String id = "contested-" + round;
            var statuses = IntStream.range(1, 9)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> submit("{\"task_id\":\"%s\",\"duration\":%d}".formatted(id, i))
                                    .extract()
                                    .statusCode()))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .sorted()
                    .toList();

            assertThat(statuses).containsExactly(201, 409, 409, 409, 409, 409, 409, 409);
        }
    }

    /**
     * The pools' submissions are in different partitions; submissions to the default pool arrive before the first claim
     * is known.
     */
    @Test
    void anIdThatManySubmitToSeveralPoolsAtOnceIsOneTask() {
        for (int round = 0; round < 4; round++) {
            String id = "several-pools-" + round;
            var answers = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> submit("{\"task_id\":\"%s\",\"pool\":\"%s\",\"duration\":60,\"allow_unknown\":true}"
                                            .formatted(
                                                    id,
                                                    List.of("default", "day", "night")
                                                            .get(i % 3)))
                                    .extract(),
                            runnable -> Thread.ofVirtual().start(runnable)))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(answers).extracting(answer -> answer.statusCode()).containsOnly(201, 409);
            assertThat(answers.stream()
                            .filter(answer -> answer.statusCode() == 201)
                            .map(answer -> answer.<String>path("pool")))
                    .containsOnly(given().get("/tasks/" + id).then().extract().<String>path("pool"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"priority\":\"urgent\"}    | 422 | priority      | one of low, normal, high",
                "{\"duration\":-5}            | 422 | duration      | from 0",
                "{\"priorty\":\"high\"}       | 422 | priorty       | priority",
                "{\"gpus\":1.5}               | 422 | gpus          | whole number",
                "{\"task_id\":\"a b\"}        | 422 | task_id       | letters",
                "{\"duration\":\"60\"}        | 400 | duration      | a number",
                "{\"gpu_models\":\"A100\"}    | 400 | gpu_models    | an array",
                "{\"gpus\":0.5,\"max_nodes\":2} | 422 | max_nodes    | 1 unless whole GPUs are requested",
                "{\"allow_unknown\":1}        | 400 | allow_unknown | true or false",
                "{\"gpu_models\":[\"\"]}    | 422 | gpu_models    | each of 1 to 64 characters",
            })
    void namesTheFieldItsValueAndWhatIsAllowed(String body, int status, String field, String allowed) {
        submit(body)
                .statusCode(status)
                .contentType(PROBLEM)
                .body("status", is(status))
                .body("field", equalTo(field))
                .body("value", not(nullValue()))
                .body("allowed", containsString(allowed))
                .body("instance", equalTo("/tasks"))
                .body("errors[0].field", equalTo(field));
    }

    @Test
    void refusesABodyThatIsNoJson() {
        submit("{\"duration\": 60")
                .statusCode(400)
                .contentType(PROBLEM)
                .body("type", equalTo("urn:gpuctl:problem:malformed-body"))
                .body("detail", containsString("line 1"));
        submit("").statusCode(400).contentType(PROBLEM);
        submit("[]").statusCode(400).contentType(PROBLEM);
    }

    private static List<JsonPath> submitLines(String body, Map<String, String> headers) {
        return outcomes(given().contentType("application/x-ndjson")
                .headers(headers)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/tasks"));
    }

    private static List<JsonPath> outcomes(Response response) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        assertThat(response.contentType()).startsWith("application/x-ndjson");
        return response.asString().lines().map(JsonPath::from).toList();
    }

    private static List<Integer> statuses(List<JsonPath> outcomes) {
        return outcomes.stream().map(outcome -> outcome.getInt("status")).toList();
    }

    @Test
    void submitsTheTasksOfSeveralLinesEachOnItsOwn() {
        submit("{\"task_id\":\"lines-taken\",\"duration\":60}").statusCode(201);

        var outcomes = submitLines("""
                {"task_id":"lines-1","duration":5}
                {"task_id":"lines-2","priority":"urgent"}

                {"task_id":
                {"task_id":"lines-taken","duration":61}
                {"task_id":"lines-1","duration":5}
                {"task_id":"lines-1","duration":6}
                {"duration":7}
                """, Map.of());

        assertThat(statuses(outcomes)).containsExactly(201, 422, 400, 409, 201, 409, 201);
        assertThat(outcomes).extracting(outcome -> outcome.getInt("line")).containsExactly(1, 2, 4, 5, 6, 7, 8);
        assertThat(outcomes.get(1).getString("problem.field")).isEqualTo("priority");
        assertThat(outcomes.get(3).getString("problem.detail")).contains("lines-taken", "another duration");
        for (String id : List.of("lines-1", outcomes.getLast().getString("task_id"))) {
            given().get("/tasks/" + id).then().statusCode(200);
        }
    }

    @Test
    void submitsTheTasksOfAnArray() {
        String tasks = IntStream.range(0, 1_000)
                .mapToObj("{\"task_id\":\"array-%d\"}"::formatted)
                .collect(Collectors.joining(",", " [", "]"));

        var outcomes =
                outcomes(given().contentType(ContentType.JSON).body(tasks).post("/tasks"));

        assertThat(statuses(outcomes)).hasSize(1_000).containsOnly(201);
        assertThat(outcomes).extracting(outcome -> outcome.getString("task_id")).doesNotHaveDuplicates();
        given().get("/tasks/array-999").then().statusCode(200);
    }

    @Test
    void theSameLinesWithTheSameIdempotencyKeyAreTheSameTasks() {
        var key = Map.of("Idempotency-Key", "lines 66");
        var first = submitLines("{}\n{\"duration\":2}\n", key);
        var second = submitLines("{}\n{\"duration\":2}\n", key);

        assertThat(first).extracting(outcome -> outcome.getString("task_id")).doesNotHaveDuplicates();
        assertThat(second)
                .extracting(outcome -> outcome.getString("task_id"))
                .isEqualTo(first.stream()
                        .map(outcome -> outcome.getString("task_id"))
                        .toList());
    }

    @Test
    void refusesTooManyTasksAndNone() {
        given().contentType("application/x-ndjson")
                .body("{}\n".repeat(10_001).getBytes(StandardCharsets.UTF_8))
                .post("/tasks")
                .then()
                .statusCode(413)
                .contentType(PROBLEM)
                .body("detail", containsString("10,000 tasks"));
        given().contentType("application/x-ndjson")
                .body(" ".repeat((8 << 20) + 1).getBytes(StandardCharsets.UTF_8))
                .post("/tasks")
                .then()
                .statusCode(413)
                .contentType(PROBLEM)
                .body("detail", containsString("8 MiB"));
        given().contentType("application/x-ndjson")
                .body("\n\n".getBytes(StandardCharsets.UTF_8))
                .post("/tasks")
                .then()
                .statusCode(400)
                .body("detail", containsString("no task"));
    }

    /** The service answers before it has read such a body. */
    @Test
    void refusesFarTooManyBytes() throws Exception {
        try (var client = RawClient.connect(URI.create(url).getPort())
                .send(String.join(
                        "\r\n",
                        "POST /tasks HTTP/1.1",
                        "Host: localhost",
                        "Content-Type: application/x-ndjson",
                        "Content-Length: 100000000",
                        "Connection: close",
                        "",
                        ""))) {
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ").contains(PROBLEM, "8 MiB");
        }
    }

    @Test
    void refusesABodyOver64Kib() {
        submit("{\"user\":\"" + "x".repeat(65_000) + "\"}").statusCode(422);
        submit("{\"user\":\"" + "x".repeat(66_000) + "\"}")
                .statusCode(413)
                .contentType(PROBLEM)
                .body("type", equalTo("urn:gpuctl:problem:body-too-large"));
    }

    /** The length of a chunked body is not known in advance. */
    @ParameterizedTest
    @ValueSource(ints = {66_000, 500_000})
    void refusesAChunkedBodyOver64Kib(int bytes) throws Exception {
        byte[] body = ("{\"user\":\"" + "x".repeat(bytes) + "\"}").getBytes(StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(URI.create(url).resolve("/tasks"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(request, BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith(PROBLEM);
        }
    }

    @Test
    void refusesABodyOfAnotherMediaType() {
        given().contentType("text/plain")
                .body("gpus=1")
                .post("/tasks")
                .then()
                .statusCode(415)
                .contentType(PROBLEM);
    }

    @Test
    void refusesMoreThanAnyNodeHas() {
        var pool = new PoolId("small");
        facts.write(pool, new NodeRegistered(FactWriter.node("small-1", pool, 4, 40_960), 1, 0));
        Awaitility.await()
                .untilAsserted(() -> given().get("/nodes/small-1").then().statusCode(200));

        submit("{\"pool\":\"small\",\"gpus\":8}")
                .statusCode(422)
                .contentType(PROBLEM)
                .body("type", equalTo("urn:gpuctl:problem:does-not-fit"))
                .body("field", equalTo("gpus"))
                .body("reason", equalTo("InsufficientGpus"))
                .body("detail", containsString("largest node has 4 GPUs of 40 GiB"));
        submit("{\"pool\":\"small\",\"memory_required\":41}")
                .statusCode(422)
                .body("field", equalTo("memory_required"))
                .body("reason", equalTo("InsufficientGpuMemory"));
        submit("{\"pool\":\"small\",\"gpus\":4,\"memory_required\":40}").statusCode(201);
        submit("{\"pool\":\"small\",\"gpu_models\":[\"H100\"],\"cpu_milli\":128001}")
                .statusCode(422)
                .body("errors.field", contains("gpu_models", "cpu_milli"));
        submit("{\"pool\":\"nobody-knows-it\"}")
                .statusCode(422)
                .body("field", equalTo("pool"))
                .body("allowed", containsString("small"));
        submit("{\"pool\":\"nobody-knows-it\",\"gpus\":64,\"allow_unknown\":true}")
                .statusCode(201);
    }

    @Test
    void tellsWhatBecameOfATask() {
        var task = TaskSpec.of(new TaskId("lived"), GpuRequest.whole(2, 1024), Work.lasting(1000));
        submit("{\"task_id\":\"lived\",\"gpus\":2,\"memory_required\":1,\"duration\":1}")
                .statusCode(201);
        facts.write(PoolId.DEFAULT, new TaskSubmitted(task));
        facts.write(
                PoolId.DEFAULT,
                new TaskPlaced(
                        task.taskId(),
                        1,
                        List.of(new Allocation(new NodeId("n1"), 1, List.of(0, 3), 1000, 1024, 0, 0)),
                        Collections.emptySortedMap()));
        facts.write(PoolId.DEFAULT, new TaskStarted(task.taskId(), 1));
        facts.write(PoolId.DEFAULT, new TaskCompleted(task.taskId(), 1, 0));

        Awaitility.await()
                .untilAsserted(() -> given().get("/tasks/lived")
                        .then()
                        .statusCode(200)
                        .body("state", equalTo("completed"))
                        .body("attempt", is(1))
                        .body("allocations[0].node_id", equalTo("n1"))
                        .body("allocations[0].gpus", equalTo(List.of(0, 3)))
                        .body("finished_at", containsString("T")));
        given().get("/tasks/lived/events")
                .then()
                .statusCode(200)
                .body("events.event.type", hasItems("task_submitted", "task_placed", "task_completed"));
        var page = given().get("/tasks/lived/events?limit=3");
        page.then().body("events.size()", is(3)).body("events_omitted", is(0));
        assertThat(page.header("Link")).endsWith("; rel=\"next\"");
        given().queryParam("cursor", page.<String>path("next_cursor"))
                .get("/tasks/lived/events")
                .then()
                .statusCode(200)
                .body("events.event.type", contains("task_completed"))
                .body("next_cursor", nullValue());
        given().delete("/tasks/lived")
                .then()
                .statusCode(409)
                .contentType(PROBLEM)
                .body("type", equalTo("urn:gpuctl:problem:task-ended"));
    }

    @Test
    void cancelsATask() {
        submit("{\"task_id\":\"unwanted\"}").statusCode(201);
        given().delete("/tasks/unwanted").then().statusCode(202).body("task_id", equalTo("unwanted"));
    }

    @Test
    void listsTasksPageByPage() {
        for (int i = 0; i < 7; i++) {
            submit("{\"task_id\":\"listed-" + i + "\"}").statusCode(201);
        }
        var seen = new HashSet<String>();
        String cursor = "";
        int pages = 0;
        do {
            var page = given().queryParam("limit", 3)
                    .queryParams(cursor.isEmpty() ? Map.of() : Map.of("cursor", cursor))
                    .get("/tasks")
                    .then()
                    .statusCode(200)
                    .extract();
            List<String> ids = page.path("tasks.task_id");
            assertThat(ids).noneMatch(seen::contains);
            seen.addAll(ids);
            cursor = page.path("next_cursor");
            pages++;
        } while (cursor != null && pages < 1000);

        assertThat(seen).containsAll(Set.of("listed-0", "listed-3", "listed-6"));
    }

    @ParameterizedTest
    @CsvSource({"limit=0,limit", "limit=x,limit", "cursor=garbage,cursor", "state=lost,state", "stat=queued,stat"})
    void refusesParametersThatAreNotValid(String query, String field) {
        given().get("/tasks?" + query)
                .then()
                .statusCode(400)
                .contentType(PROBLEM)
                .body("field", equalTo(field));
    }

    @Test
    void refusesACursorOfAnotherListing() {
        submit("{\"task_id\":\"cursed\"}").statusCode(201);
        for (String cursor : List.of("garbage", "MDpjdXJzZWQ", "LTE")) {
            given().queryParam("cursor", cursor)
                    .get("/tasks/cursed/events")
                    .then()
                    .statusCode(400)
                    .body("field", equalTo("cursor"));
        }
    }

    @Test
    void knowsNoTaskThatWasNotSubmitted() {
        given().get("/tasks/never-submitted").then().statusCode(404).contentType(PROBLEM);
        given().get("/tasks/not%20an%20id").then().statusCode(404).contentType(PROBLEM);
        given().delete("/tasks/never-submitted").then().statusCode(404);
        given().get("/tasks/never-submitted/events").then().statusCode(404);
    }

    @Test
    void anUnknownPathOrMethodIsAProblem() {
        given().get("/taks")
                .then()
                .statusCode(404)
                .contentType(PROBLEM)
                .body("detail", startsWith("Did you mean /tasks?"));
        given().accept("text/html").get("/a/b/c").then().statusCode(404).contentType(PROBLEM);
        given().put("/tasks").then().statusCode(405).contentType(PROBLEM).header("Allow", containsString("POST"));
    }

    @Test
    void listsItsRoutes() {
        given().get("/").then().statusCode(200).contentType(ContentType.JSON).body("routes.path", hasItem("/docs"));
        given().accept("text/html,application/xhtml+xml,*/*;q=0.8")
                .get("/")
                .then()
                .statusCode(200)
                .contentType(ContentType.HTML);
    }
}
