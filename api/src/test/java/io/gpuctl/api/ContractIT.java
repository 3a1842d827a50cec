package io.gpuctl.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gpuctl.api.ResourceClasses.DeclaredRoute;
import io.gpuctl.api.ServedDescription.DescribedRoute;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent.GpuTakenOut;
import io.gpuctl.events.ClusterEvent.NodeCordoned;
import io.gpuctl.events.ClusterEvent.NodeFaulted;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.PoolConfigured;
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
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The API does what its descriptions say. Its routes are the same in the resources, in the OpenAPI document, in the
 * list at {@code /} and in docs/reference-rest.md; it accepts and returns the described parameters, fields and values.
 */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class ContractIT {

    private static final Path REFERENCE = Path.of("../docs/reference-rest.md");
    private static final Pattern HEADING = Pattern.compile("^## ([A-Z]+ /.*)$", Pattern.MULTILINE);

    /** The routes that Quarkus itself serves. */
    private static final List<String> OF_THE_FRAMEWORK =
            List.of("GET /docs", "GET /openapi", "GET /health", "GET /metrics");

    private static final String NODE = "contract-node";
    private static final String TASK = "contract-task";

    @Inject
    ObjectMapper json;

    private ServedDescription api;

    /** The facts are written once for all tests. */
    private static boolean isPrepared;

    @BeforeEach
    void prepare() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/health/ready").then().statusCode(200));
        if (!isPrepared) {
            givenATaskOnANodeThatIsNotWell();
            isPrepared = true;
        }
        api = ServedDescription.read();
    }

    /** Creates a task and a node whose answers have as many fields as possible. */
    private static void givenATaskOnANodeThatIsNotWell() {
        var pool = new PoolId("contract");
        var node = new NodeId(NODE);
        var task = new TaskId(TASK);
        var gpus = Stream.of(300.0, 100.0)
                .map(watts -> new NodeTelemetry.Gpu(0.5, 1_024, watts, 60, 1_410, false))
                .toList();
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            facts.write(pool, new PoolConfigured(pool, PoolSettings.withPolicy(PolicySpec.named("fifo"))));
            facts.write(pool, new NodeRegistered(FactWriter.node(NODE, pool, 2, 81_920), 1, 0));
            facts.write(
                    pool,
                    new TaskSubmitted(new TaskSpec(
                            task,
                            pool,
                            "ann",
                            Priority.NORMAL,
                            GpuRequest.whole(1, 0),
                            0,
                            0,
                            List.of(),
                            3,
                            Work.lasting(60_000))));
            facts.write(
                    pool,
                    new TaskPlaced(
                            task,
                            1,
                            List.of(new Allocation(node, 1, List.of(0), 1_000, 0, 0, 0)),
                            Collections.emptySortedMap()));
            facts.write(pool, new TaskStarted(task, 1));
            facts.write(pool, new NodeFaulted(node, "xid", 1, "", 79));
            facts.write(pool, new GpuTakenOut(node, 1, "XID 79"));
            facts.write(pool, new NodeCordoned(node, CordonCause.STRAGGLER, true, "slow", 60_000));
            facts.write(new NodeTelemetry(node, pool, System.currentTimeMillis(), gpus));
        }
        Awaitility.await().untilAsserted(() -> {
            JsonNode shown =
                    new ObjectMapper().readTree(given().get("/nodes/" + NODE).asString());
            assertThat(shown.path("health").asText()).isEqualTo("draining");
            assertThat(shown.has("telemetry")).isTrue();
        });
    }

    @Test
    void everyRouteOfAResourceIsDescribedAndNoOther() throws IOException {
        assertThat(api.routes())
                .as("the routes of the OpenAPI document")
                .extracting(DescribedRoute::name)
                .containsExactlyInAnyOrderElementsOf(visibleRoutes());
    }

    @Test
    void everyRouteOfAResourceIsInTheReferenceAndNoOther() throws IOException {
        List<String> headings = HEADING.matcher(Files.readString(REFERENCE))
                .results()
                .map(heading -> heading.group(1))
                .toList();

        assertThat(headings)
                .as("the routes of docs/reference-rest.md")
                .containsExactlyInAnyOrderElementsOf(visibleRoutes());
    }

    private static Set<String> visibleRoutes() throws IOException {
        return ResourceClasses.routes().stream()
                .filter(route -> !route.isHidden())
                .map(DeclaredRoute::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theListOfRoutesHasEveryRouteWithItsParametersAndNoOther() throws IOException {
        Set<String> expected = new TreeSet<>(OF_THE_FRAMEWORK);
        ResourceClasses.routes().forEach(route -> expected.add(withParameters(route.name(), route.parameters())));

        List<String> listed = StreamSupport.stream(
                        read(given().accept(ContentType.JSON).get("/"))
                                .path("routes")
                                .spliterator(),
                        false)
                .map(route ->
                        listed(route.path("method").asText(), route.path("path").asText()))
                .toList();

        assertThat(listed).as("the routes that GET / lists").containsExactlyInAnyOrderElementsOf(expected);
    }

    private static String listed(String method, String path) {
        String[] parts = path.split("\\?", 2);
        List<String> parameters = parts.length == 1
                ? List.of()
                : List.of(parts[1].replace("=", "").split("&", -1));
        return withParameters(method + " " + parts[0], parameters);
    }

    private static String withParameters(String route, List<String> parameters) {
        return parameters.isEmpty() ? route : route + " with " + new TreeSet<>(parameters);
    }

    @Test
    void whatTheFrameworkServesIsThere() {
        for (String route : OF_THE_FRAMEWORK) {
            assertThat(given().get(route.substring("GET ".length())).statusCode())
                    .as(route)
                    .isEqualTo(200);
        }
    }

    /** Each parameter with listed values or with limits refuses all other values; the error lists what is allowed. */
    @Test
    void aParameterTakesWhatIsDescribed() {
        List<String> described = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (DescribedRoute route : api.routes()) {
            for (JsonNode parameter : route.queryParameters()) {
                String name = parameter.path("name").asText();
                JsonNode schema = api.resolved(parameter.path("schema"));
                String allowed = schema.has("enum")
                        ? alternatives(api.words(schema))
                        : "a whole number from %s to %s".formatted(schema.path("minimum"), schema.path("maximum"));
                if (schema.has("enum") || schema.has("maximum")) {
                    String title = "%s?%s=".formatted(route.name(), name);
                    described.add(title + " " + allowed);
                    taken.add(title + " "
                            + read(asked(route, name, "no-such"))
                                    .path("allowed")
                                    .asText());
                    for (String word : api.words(schema)) {
                        assertThat(asked(route, name, word).statusCode())
                                .as(title + word)
                                .isEqualTo(200);
                    }
                }
            }
        }

        assertThat(taken).isNotEmpty().containsExactlyElementsOf(described);
    }

    private static Response asked(DescribedRoute route, String parameter, String value) {
        return given().queryParam(parameter, value).get(concrete(route.path()));
    }

    /** Returns the path of the existing node or task. */
    private static String concrete(String path) {
        return path.replace("{id}", path.startsWith("/tasks/") ? TASK : NODE);
    }

    private static String alternatives(List<String> words) {
        return words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
    }

    /** Each route refuses a field that is not described, and names the fields that it accepts. */
    @Test
    void aBodyTakesTheFieldsThatAreDescribed() {
        Map<String, Set<String>> described = new TreeMap<>();
        Map<String, Set<String>> taken = new TreeMap<>();
        for (DescribedRoute route : routesWithBody()) {
            Set<String> names = new TreeSet<>();
            api.resolved(route.body()).path("properties").fieldNames().forEachRemaining(names::add);
            described.put(route.name(), names);
            String allowed = allowed(route, "no_such_field");
            taken.put(
                    route.name(),
                    Stream.of(allowed.substring("one of the fields ".length()).split(", ", -1))
                            .filter(name -> !name.isEmpty())
                            .collect(Collectors.toCollection(TreeSet::new)));
        }

        assertThat(taken).isNotEmpty().containsExactlyEntriesOf(described);
    }

    /** Each field with listed values refuses all other values; the error names the same values. */
    @Test
    void aFieldTakesTheValuesThatAreDescribed() {
        List<String> described = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (DescribedRoute route : routesWithBody()) {
            api.resolved(route.body()).path("properties").properties().forEach(field -> {
                List<String> words = api.words(field.getValue());
                if (!words.isEmpty()) {
                    String title = "%s %s: ".formatted(route.name(), field.getKey());
                    described.add(title + alternatives(words));
                    taken.add(title + allowed(route, field.getKey()));
                }
            });
        }

        assertThat(taken).isNotEmpty().containsExactlyElementsOf(described);
    }

    /** A missing body is refused as malformed if and only if the description says that the body is required. */
    @Test
    void aBodyMayBeMissingUnlessItIsRequired() {
        for (DescribedRoute route : routesWithBody()) {
            int status = given().contentType(ContentType.JSON)
                    .post(concrete(route.path()))
                    .statusCode();

            assertThat(status == 400).as(route.name() + " without a body").isEqualTo(route.needsBody());
        }
    }

    private List<DescribedRoute> routesWithBody() {
        return api.routes().stream().filter(DescribedRoute::takesBody).toList();
    }

    /** Sends an invalid value for a field, and returns what the route says is allowed. */
    private String allowed(DescribedRoute route, String field) {
        Response refusal = given().contentType(ContentType.JSON)
                .body(JsonNodeFactory.instance
                        .objectNode()
                        .put(field, "no such word")
                        .toString())
                .post(concrete(route.path()));
        assertThat(refusal.statusCode()).as(route.name() + " with " + field).isEqualTo(422);
        return StreamSupport.stream(read(refusal).path("errors").spliterator(), false)
                .filter(error -> error.path("field").asText().equals(field))
                .map(error -> error.path("allowed").asText())
                .findFirst()
                .orElseThrow(() -> new AssertionError("%s takes any %s".formatted(route.name(), field)));
    }

    /** Each enumeration of the description is an enum of the code, and lists the JSON words of its constants. */
    @Test
    void enumerationsHaveTheWordsOfTheCode() throws IOException {
        // Two enums may have the same simple name.
        Map<String, Set<List<String>>> ofTheCode = enums().stream()
                .collect(Collectors.groupingBy(
                        Class::getSimpleName, Collectors.mapping(this::words, Collectors.toSet())));

        assertThat(api.enumerations())
                .isNotEmpty()
                .allSatisfy((name, words) -> assertThat(ofTheCode.getOrDefault(name, Set.of()))
                        .as("the words of the enum %s", name)
                        .contains(words));
    }

    private List<String> words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> json.convertValue(constant, String.class))
                .toList();
    }

    /** Returns the enums in the types and the descriptions of this module's fields. */
    private static Set<Class<?>> enums() throws IOException {
        return fields().flatMap(field -> {
                    var schema = field.getAnnotation(Schema.class);
                    return Stream.concat(
                            classes(field.getGenericType()),
                            schema == null ? Stream.<Class<?>>empty() : Stream.of(schema.implementation()));
                })
                .filter(Class::isEnum)
                .collect(Collectors.toSet());
    }

    private static Stream<Field> fields() throws IOException {
        return ResourceClasses.all().stream().flatMap(type -> Arrays.stream(type.getDeclaredFields()));
    }

    private static Stream<Class<?>> classes(Type type) {
        return switch (type) {
            case Class<?> plain -> Stream.of(plain);
            case ParameterizedType generic ->
                Arrays.stream(generic.getActualTypeArguments()).flatMap(ContractIT::classes);
            default -> Stream.empty();
        };
    }

    /** A list of values by hand would not change with the enum: a field must name the enum as its implementation. */
    @Test
    void noFieldListsItsValuesByHand() throws IOException {
        assertThat(fields())
                .filteredOn(field -> field.isAnnotationPresent(Schema.class))
                .allSatisfy(
                        field -> assertThat(field.getAnnotation(Schema.class).enumeration())
                                .as("%s, described by hand", field)
                                .isEmpty());
    }

    @Test
    void answersHaveTheFieldsThatAreDescribed() {
        List<String> deviations = new ArrayList<>();
        int checked = 0;
        for (DescribedRoute route : api.routes()) {
            JsonNode schema = route.answer(200);
            if (route.method().equals("GET") && !schema.isMissingNode()) {
                Response answer = given().accept(ContentType.JSON).get(concrete(route.path()));
                assertThat(answer.statusCode()).as(route.name()).isEqualTo(200);
                deviations.addAll(api.deviations(route.name(), read(answer), schema));
                checked++;
            }
        }

        assertThat(deviations).isEmpty();
        assertThat(checked).isPositive();
    }

    /** Answers contain facts and faults in the form of their topics; the description has separate forms for them. */
    @Test
    void aFaultIsAnsweredWithTheFieldsThatAreDescribed() {
        DescribedRoute route = api.routes().stream()
                .filter(described -> described.name().equals("POST /nodes/{id}/faults"))
                .findFirst()
                .orElseThrow();

        Response answer = given().contentType(ContentType.JSON)
                .body("{\"xid\": 79, \"gpu\": 0}")
                .post(concrete(route.path()));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(api.deviations(route.name(), read(answer), route.answer(202)))
                .isEmpty();
    }

    private static JsonNode read(Response answer) {
        try {
            return new ObjectMapper().readTree(answer.asString());
        } catch (IOException e) {
            throw new AssertionError("The answer is not JSON: " + answer.asString(), e);
        }
    }
}
