package io.gpuctl.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent.GpuReturned;
import io.gpuctl.events.ClusterEvent.GpuTakenOut;
import io.gpuctl.events.ClusterEvent.NodeCordoned;
import io.gpuctl.events.ClusterEvent.NodeFaulted;
import io.gpuctl.events.ClusterEvent.NodeLost;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.NodeSuspected;
import io.gpuctl.events.ClusterEvent.PoolConfigured;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskStarted;
import io.gpuctl.events.ClusterEvent.TaskSubmitted;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes, the cluster's status, and the service's description of itself. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class ClusterIT {

    private static final PoolId POOL = new PoolId("racks");

    @BeforeEach
    void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/health/ready").then().statusCode(200));
    }

    private static void givenNodes() {
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(POOL, new PoolConfigured(POOL, PoolSettings.withPolicy(PolicySpec.named("fifo"))));
            for (String id : List.of("a", "b", "c")) {
                facts.write(POOL, new NodeRegistered(FactWriter.node("rack-" + id, POOL, 8, 81_920), 1, 0));
            }
        }
        Awaitility.await()
                .untilAsserted(() -> given().get("/nodes/rack-c").then().statusCode(200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tasks?lmit=5",
                "/tasks?limit=5&limit=6",
                "/tasks?cursor=",
                "/tasks?state=",
                "/tasks/t?verbose=1",
                "/nodes?rack=a",
                "/nodes?cursor=",
                "/nodes/n?window=60",
                "/nodes/n/events?after=1",
                "/users?user=a",
                "/cluster/status?pool=a",
                "/events?user=a",
                "/events?task=",
            })
    void refusesParametersThatItWouldIgnore(String path) {
        given().get(path)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:gpuctl:problem:invalid-parameter"))
                .body("field", not(nullValue()));
    }

    @Test
    void showsNodesAndTheClustersStatus() {
        givenNodes();

        given().get("/nodes/rack-a")
                .then()
                .body("node_id", equalTo("rack-a"))
                .body("state", equalTo("up"))
                .body("gpu_count", is(8))
                .body("tasks.size()", is(0));
        given().get("/nodes?limit=1000").then().body("nodes.node_id", hasItems("rack-a", "rack-b", "rack-c"));
        String cursor = given().get("/nodes?limit=1").then().extract().path("next_cursor");
        given().queryParam("cursor", cursor)
                .get("/nodes")
                .then()
                .statusCode(200)
                .body("nodes.node_id", hasItem("rack-c"));
        given().get("/nodes/rack-a/telemetry?window=60").then().statusCode(200).body("windows.size()", is(0));
        given().get("/cluster/status")
                .then()
                .statusCode(200)
                .body("nodes.up", greaterThanOrEqualTo(3))
                .body("gpus.total", greaterThanOrEqualTo(24))
                .body("speed", is(1.0f))
                .body("cluster_time", containsString("T"))
                .body("pools.find { it.pool == 'racks' }.policy.name", equalTo("fifo"))
                .body("pools.find { it.pool == 'racks' }.gpus.total", is(24))
                .body("pools.find { it.pool == 'racks' }.tasks", hasKey("backing_off"));
    }

    @Test
    void knowsNoUnknownNode() {
        given().get("/nodes/nowhere").then().statusCode(404).contentType("application/problem+json");
        given().get("/nodes/nowhere/telemetry").then().statusCode(404);
        given().get("/nodes/x/telemetry?window=1h").then().statusCode(400).body("field", equalTo("window"));
        given().get("/nodes?cursor=!").then().statusCode(400).body("field", equalTo("cursor"));
        given().get("/nodes?include=tasks").then().statusCode(400).body("field", equalTo("include"));
        given().get("/nodes?include=telemetry&limit=101").then().statusCode(400).body("field", equalTo("limit"));
    }

    @Test
    void asksForNodesToBeTakenOutOfServiceAndPutBack() {
        givenNodes();
        given().contentType(ContentType.JSON)
                .post("/nodes/rack-a/cordon")
                .then()
                .statusCode(202)
                .body("node_id", equalTo("rack-a"))
                .body("health", equalTo("healthy"));
        given().contentType(ContentType.JSON)
                .body("{\"reason\": \"loud\"}")
                .post("/nodes/rack-a/drain")
                .then()
                .statusCode(202);
        given().contentType(ContentType.JSON)
                .post("/nodes/rack-b/uncordon")
                .then()
                .statusCode(200);
        given().contentType(ContentType.JSON)
                .post("/nodes/nowhere/drain")
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
        given().contentType(ContentType.JSON)
                .body("{\"why\": \"loud\"}")
                .post("/nodes/rack-a/drain")
                .then()
                .statusCode(422)
                .body("field", equalTo("why"));
        given().get("/nodes/rack-a/drain").then().statusCode(405);
    }

    @Test
    void writesFaultsForTheSimulator() {
        givenNodes();
        given().contentType(ContentType.JSON)
                .body("{\"xid\": 79, \"gpu\": 7, \"duration\": 1.5}")
                .post("/nodes/rack-a/faults")
                .then()
                .statusCode(202)
                .body("kind", equalTo("xid"))
                .body("duration_ms", is(1_500));
        given().contentType(ContentType.JSON)
                .body("{\"xid\": 79, \"gpu\": 8}")
                .post("/nodes/rack-a/faults")
                .then()
                .statusCode(422)
                .body("field", equalTo("gpu"));
        given().contentType(ContentType.JSON)
                .post("/nodes/nowhere/faults")
                .then()
                .statusCode(404);
    }

    @Test
    void showsNodesThatAreOutOfService() {
        givenNodes();
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            var node = new NodeId("rack-c");
            facts.write(POOL, new NodeFaulted(node, "xid", 3, "", 79));
            facts.write(POOL, new GpuTakenOut(node, 3, "XID 79"));
            facts.write(POOL, new NodeCordoned(node, CordonCause.STRAGGLER, true, "slow", 60_000));
        }
        Awaitility.await()
                .untilAsserted(() -> given().get("/nodes/rack-c").then().body("health", equalTo("draining")));

        given().get("/nodes/rack-c")
                .then()
                .body("cordon.cause", equalTo("straggler"))
                .body("cordon.until", equalTo("1970-01-01T00:01:00Z"))
                .body("gpus_out[0].gpu", is(3))
                .body("last_xids[0].meaning", equalTo("GPU has fallen off the bus"));
        given().get("/cluster/status")
                .then()
                .body("nodes_by_health.draining", is(1))
                .body("gpus.out", is(1))
                .body("requeues", hasKey("hardware_fault"));
    }

    /** Creates the nodes in a pool of this name, with a task that was on both. */
    private static void givenALostNodeBesideOneThatIsUp(String name) {
        var pool = new PoolId(name);
        var lost = new NodeId(name + "-lost");
        var task = new TaskId(name + "-task");
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(pool, new PoolConfigured(pool, PoolSettings.withPolicy(PolicySpec.named("fifo"))));
            for (String id : List.of(lost.value(), name + "-up")) {
                facts.write(pool, new NodeRegistered(FactWriter.node(id, pool, 8, 81_920), 1, 0));
            }
            facts.write(pool, new TaskSubmitted(ofUser(task, pool, "u")));
            var allocation = new Allocation(lost, 1, List.of(0, 1, 2, 3), 1_000, 0, 0, 0);
            facts.write(pool, new TaskPlaced(task, 1, List.of(allocation), Collections.emptySortedMap()));
            facts.write(pool, new NodeFaulted(lost, "xid", 3, "", 54));
            facts.write(pool, new NodeSuspected(lost));
            facts.write(pool, new NodeLost(lost));
        }
        Awaitility.await()
                .untilAsserted(
                        () -> given().get("/nodes/{id}", lost.value()).then().body("state", equalTo("lost")));
    }

    @Test
    void whatALostNodeHadIsNotCurrentInAnyAnswer() {
        givenALostNodeBesideOneThatIsUp("stale");

        for (String node : List.of("", "nodes.find { it.node_id == 'stale-lost' }.")) {
            given().get(node.isEmpty() ? "/nodes/stale-lost" : "/nodes?limit=1000")
                    .then()
                    .body(node + "reason", matchesPattern("\\d+s without a heartbeat"))
                    .body(node + "gpus_held", is(4.0f))
                    .body(node + "gpus_allocated", nullValue())
                    .body(node + "telemetry", nullValue());
        }
        given().get("/nodes/stale-lost")
                .then()
                .body("last_fault.xid", is(54))
                .body("last_fault.name", not(nullValue()))
                .body("last_fault.meaning", not(nullValue()));
        given().get("/nodes/stale-up")
                .then()
                .body("", not(hasKey("reason")))
                .body("gpus_allocated", is(0.0f))
                .body("", not(hasKey("gpus_held")));
        given().get("/cluster/status")
                .then()
                .body("pools.find { it.pool == 'stale' }.gpus.total", is(16))
                .body("pools.find { it.pool == 'stale' }.gpus.up", is(8))
                .body("pools.find { it.pool == 'stale' }.gpus.allocated", is(0.0f))
                .body("pools.find { it.pool == 'stale' }.gpus.idle", is(8.0f))
                .body("gpus_measured", is(0))
                .body("", not(hasKey("total_power_watts")))
                .body("", not(hasKey("mean_utilization")));
    }

    @Test
    void aNodeHasAHistoryPageByPage() {
        givenALostNodeBesideOneThatIsUp("told");

        given().get("/nodes/told-lost/events")
                .then()
                .statusCode(200)
                .body(
                        "events.event.type",
                        equalTo(List.of("node_registered", "node_faulted", "node_suspected", "node_lost")))
                .body("events_omitted", is(0))
                .body("", not(hasKey("next_cursor")));
        var page = given().get("/nodes/told-lost/events?limit=3").then().body("events.size()", is(3));
        String link = page.extract().header("Link");
        assertThat(link).contains("/nodes/told-lost/events?limit=3&cursor=");
        given().urlEncodingEnabled(false)
                .get(link.replaceAll("<(.*)>; rel=\"next\"", "$1"))
                .then()
                .body("events.event.type", equalTo(List.of("node_lost")))
                .body("", not(hasKey("next_cursor")));
        given().get("/nodes/told-lost/events?cursor=!").then().statusCode(400).body("field", equalTo("cursor"));
        given().get("/nodes/told-lost/events?limit=0").then().statusCode(400).body("field", equalTo("limit"));
        given().get("/nodes/nowhere/events").then().statusCode(404).contentType("application/problem+json");
    }

    @Test
    void tellsHowLongRepairsTake() {
        var pool = new PoolId("repairs");
        var node = new NodeId("repairs-a");
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(pool, new PoolConfigured(pool, PoolSettings.withPolicy(PolicySpec.named("fifo"))));
            facts.write(pool, new NodeRegistered(FactWriter.node(node.value(), pool, 8, 81_920), 1, 0));
            facts.write(pool, new GpuTakenOut(node, 3, "XID 79"));
        }
        String ours = "pools.find { it.pool == 'repairs' }.";
        Awaitility.await()
                .untilAsserted(() -> given().get("/cluster/status")
                        .then()
                        .body(ours + "gpus.out", is(1))
                        .body(ours + "repairs", is(0))
                        .body(ours + "out_of_service_gpu_hours", greaterThan(0f))
                        .body(ours.substring(0, ours.length() - 1), not(hasKey("mttr_seconds"))));

        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(pool, new GpuReturned(node, 3));
        }
        Awaitility.await()
                .untilAsserted(() -> given().get("/cluster/status")
                        .then()
                        .body(ours + "repairs", is(1))
                        .body(ours + "mttr_seconds", greaterThan(0f))
                        .body("repairs", greaterThanOrEqualTo(1))
                        .body("mttr_seconds", greaterThan(0f)));
    }

    /** Creates a pool of this name, in which a task of ada drew 24,000.5 J, and a task of bob drew 1 J. */
    private static void givenUsers(String name) {
        var pool = new PoolId(name);
        var node = new NodeId(name + "-a");
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(pool, new PoolConfigured(pool, PoolSettings.withPolicy(PolicySpec.named("fifo"))));
            facts.write(pool, new NodeRegistered(FactWriter.node(node.value(), pool, 8, 81_920), 1, 0));
            for (String user : List.of("ada", "bob")) {
                var task = new TaskId(name + "-" + user);
                facts.write(pool, new TaskSubmitted(ofUser(task, pool, user)));
                var allocation = new Allocation(node, 1, List.of(0), 1_000, 0, 0, 0);
                facts.write(pool, new TaskPlaced(task, 1, List.of(allocation), Collections.emptySortedMap()));
                facts.write(pool, new TaskStarted(task, 1));
                facts.write(pool, new TaskCompleted(task, 1, user.equals("ada") ? 24_000_500 : 1_000));
            }
        }
        Awaitility.await()
                .untilAsserted(
                        () -> given().get("/tasks/{id}", name + "-bob").then().body("state", equalTo("completed")));
    }

    @Test
    void accountsForEnergyByTaskUserAndPool() {
        givenUsers("accounts");

        given().get("/tasks/accounts-ada").then().body("energy_joules", is(24_000.5f));
        given().get("/cluster/status")
                .then()
                .body("energy_joules", greaterThanOrEqualTo(24_001.5f))
                .body("pools.find { it.pool == 'accounts' }.energy_joules", is(24_001.5f));
        given().get("/users?limit=1000")
                .then()
                .statusCode(200)
                .body("users.findAll { it.pool == 'accounts' }.user", equalTo(List.of("ada", "bob")))
                .body("users.find { it.user == 'ada' }.energy_joules", is(24_000.5f))
                .body("users.find { it.user == 'ada' }.attempts", is(1))
                .body("users.find { it.user == 'ada' }.tasks.completed", is(1))
                .body("users.find { it.user == 'ada' }.tasks.failed", is(0));
    }

    /** In the pool "drawing", where no attempt has ended: a gang on two GPUs that draw 300 W and 100 W. */
    @Test
    void estimatesTheEnergyOfWhatRuns() {
        var pool = new PoolId("drawing");
        var node = new NodeId("drawing-a");
        var task = new TaskId("drawing-gang");
        var gpus = Stream.of(300.0, 100.0)
                .map(watts -> new NodeTelemetry.Gpu(0.5, 1_024, watts, 60, 1_410, false))
                .toList();
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(pool, new PoolConfigured(pool, PoolSettings.withPolicy(PolicySpec.named("fifo"))));
            facts.write(pool, new NodeRegistered(FactWriter.node(node.value(), pool, 2, 81_920), 1, 0));
            facts.write(pool, new TaskSubmitted(ofUser(task, pool, "zoe")));
            facts.write(
                    pool,
                    new TaskPlaced(
                            task,
                            1,
                            List.of(new Allocation(node, 1, List.of(0, 1), 1_000, 0, 0, 0)),
                            Collections.emptySortedMap()));
            facts.write(pool, new TaskStarted(task, 1));
            facts.write(new NodeTelemetry(node, pool, System.currentTimeMillis(), gpus));
        }
        Awaitility.await()
                .untilAsserted(() -> given().get("/tasks/drawing-gang")
                        .then()
                        .body("energy_joules", is(0))
                        .body("running_energy_estimate_joules", greaterThan(0f)));
        String zoe = "users.find { it.user == 'zoe' }.";
        Awaitility.await()
                .untilAsserted(() -> given().get("/users?limit=1000")
                        .then()
                        .body(zoe + "energy_joules", is(0f))
                        .body(zoe + "running_tasks", is(1))
                        .body(zoe + "running_gpus", is(2f))
                        .body(zoe + "running_energy_estimate_joules", greaterThan(0f)));
        given().get("/cluster/status")
                .then()
                .body("running_energy_estimate_joules", greaterThan(0f))
                .body("pools.find { it.pool == 'drawing' }.running_energy_estimate_joules", greaterThan(0f));
        given().get("/tasks?limit=1000")
                .then()
                .body("tasks.find { it.task_id == 'drawing-gang' }", not(hasKey("running_energy_estimate_joules")));
    }

    @Test
    void listsUsersPageByPage() {
        givenUsers("pages");
        var users = new ArrayList<String>();
        String cursor = "";
        do {
            var page = given().queryParam("limit", 1);
            page = cursor.isEmpty() ? page : page.queryParam("cursor", cursor);
            JsonPath read = page.get("/users").then().statusCode(200).extract().jsonPath();
            users.addAll(read.getList("users.user"));
            cursor = Objects.requireNonNullElse(read.getString("next_cursor"), "");
        } while (!cursor.isEmpty());

        assertThat(users).containsSubsequence("ada", "bob");
        given().get("/users?cursor=!").then().statusCode(400).body("field", equalTo("cursor"));
        given().get("/users?user=ada").then().statusCode(400);
    }

    private static TaskSpec ofUser(TaskId task, PoolId pool, String user) {
        return new TaskSpec(
                task, pool, user, Priority.NORMAL, GpuRequest.whole(1, 0), 0, 0, List.of(), 3, Work.lasting(60_000));
    }

    @Test
    void describesItself() {
        given().accept(ContentType.JSON)
                .get("/openapi?format=JSON")
                .then()
                .statusCode(200)
                .body("info.title", equalTo("GPU Cluster Orchestrator"))
                .body("paths", hasKey("/tasks/{id}/events"))
                .body("paths", hasKey("/nodes/{id}/events"))
                .body("paths", hasKey("/events"))
                .body("paths", not(hasKey("/internal/views")))
                .body("components.schemas.Task.properties", hasKey("task_id"))
                .body("components.schemas.Task.properties", hasKey("pending_reason"))
                .body("components.schemas.TaskSubmission.properties", hasKey("memory_required"))
                .body("components.schemas.TaskState.enum", hasItem("backing_off"))
                .body("components.schemas.NodeFault.properties.kind.enum", hasItems("xid", "ecc_single_bit"))
                .body("components.schemas.FaultKind.enum", hasItems("xid", "ecc_single_bit"))
                .body("components.schemas", hasKey("TelemetryHistory"))
                .body("components.schemas", not(hasKey("NodeHistory")));
        given().get("/docs/").then().statusCode(200).contentType(ContentType.HTML);
        String page = given().get("/redoc").then().statusCode(200).extract().asString();
        String script = page.replaceAll("(?s).*<script src=\"([^\"]+)\".*", "$1");
        assertThat(script).startsWith("/webjars/");
        given().get(script).then().statusCode(200);
    }

    @Test
    void isMeasured() {
        given().contentType(ContentType.JSON).body("{}").post("/tasks").then().statusCode(201);
        given().get("/metrics")
                .then()
                .statusCode(200)
                .body(containsString("gpuctl_task_submissions_total{outcome=\"accepted\"}"))
                .body(containsString("http_server_requests_seconds_count"))
                .body(containsString("kafka_producer_record_send_total"));
        given().get("/health/live").then().statusCode(200).body("status", equalTo("UP"));
        given().get("/health/started").then().statusCode(200);
        given().get("/health").then().statusCode(200).body("checks", notNullValue());
    }

    @Test
    void answersOtherInstancesOnlyIfTheyAgreeOnWhoOwnsWhat() {
        String all = "[0,1,2,3]";
        String question = "{\"pool_partitions\":%s,\"telemetry_partitions\":%s,\"query\":{\"type\":\"pools\"}}";
        given().port(BrokerResource.internalPort())
                .contentType(ContentType.JSON)
                .body(question.formatted(all, all))
                .post("/internal/views")
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON);
        given().port(BrokerResource.internalPort())
                .contentType(ContentType.JSON)
                .body(question.formatted("[0]", all))
                .post("/internal/views")
                .then()
                .statusCode(503);
        given().contentType(ContentType.JSON)
                .body("{}")
                .post("/internal/views")
                .then()
                .statusCode(404);
    }

    @Test
    void aPageNamesTheNextOne() {
        var pool = new PoolId("pages");
        for (String id : List.of("page-1", "page-2")) {
            try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
                facts.write(pool, new NodeRegistered(FactWriter.node(id, pool, 1, 1024), 1, 0));
            }
            Awaitility.await()
                    .untilAsserted(() -> given().get("/nodes/" + id).then().statusCode(200));
        }
        List<String> seen = new ArrayList<>();
        String next = "/nodes?limit=1";
        while (next != null) {
            var page = given().urlEncodingEnabled(false).get(next).then().statusCode(200);
            seen.addAll(page.extract().path("nodes.node_id"));
            String link = page.extract().header("Link");
            next = link == null ? null : link.replaceAll("<(.*)>; rel=\"next\"", "$1");
        }

        assertThat(seen).hasSizeGreaterThan(1).doesNotHaveDuplicates();
        assertThat(seen)
                .isEqualTo(given().get("/nodes?limit=1000").then().extract().path("nodes.node_id"));
    }

    /** Clients are generated from the description: names must be unique, and answers must have all required fields. */
    @Test
    void theDescriptionIsWhatItAnswers() throws Exception {
        var api =
                new ObjectMapper().readTree(given().get("/openapi?format=JSON").asString());
        List<String> names = api.findValuesAsText("operationId");
        List<JsonNode> operations = api.findParents("operationId");

        assertThat(names).hasSizeGreaterThan(15).doesNotHaveDuplicates();
        assertThat(operations)
                .allSatisfy(operation ->
                        assertThat(operation.path("responses").has("400")).isTrue());
        assertThat(api.at("/paths/~1events/get").has("requestBody")).isFalse();
        for (var answer : Map.of(
                        "/nodes", "NodeList",
                        "/tasks", "TaskList",
                        "/users", "UserList",
                        "/cluster/status", "ClusterStatus",
                        "/nodes/n?foo=1", "Problem",
                        "/nodes/roomy", "Node",
                        "/nodes/roomy/events", "NodeEvents")
                .entrySet()) {
            var body = new ObjectMapper().readTree(given().get(answer.getKey()).asString());
            assertThat(missing(body, "#/components/schemas/" + answer.getValue(), api))
                    .as(answer.getKey())
                    .isEmpty();
        }
    }

    private static List<String> missing(JsonNode value, String ref, JsonNode api) {
        JsonNode schema = api.at(ref.substring(1));
        List<String> missing = new ArrayList<>();
        schema.path("required").forEach(field -> {
            if (!value.has(field.asText())) {
                missing.add(ref + " " + field.asText());
            }
        });
        schema.path("properties").properties().forEach(property -> {
            JsonNode given = value.path(property.getKey());
            JsonNode type = property.getValue();
            if (given.isObject() && type.has("$ref")) {
                missing.addAll(missing(given, type.get("$ref").asText(), api));
            } else if (given.isArray() && type.at("/items/$ref").isTextual()) {
                given.forEach(element ->
                        missing.addAll(missing(element, type.at("/items/$ref").asText(), api)));
            }
        });
        return missing;
    }
}
