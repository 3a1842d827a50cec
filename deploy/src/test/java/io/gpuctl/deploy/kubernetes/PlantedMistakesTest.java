package io.gpuctl.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plants every kind of mistake in the production documents, and expects a finding that names the place. */
class PlantedMistakesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String API = "StatefulSet/gpuctl-api";
    private static final String POD = "/spec/template/spec/";
    private static final String CONTAINER = POD + "containers/0/";
    private static List<Resource> rendered;

    @BeforeAll
    static void render() throws IOException, InterruptedException {
        rendered = Overlay.PROD.render();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(fields(), workloads(), networks(), settings(), kafka(), monitoring())
                .flatMap(mistakes -> mistakes);
    }

    /** Mistakes in the form of a document. */
    private static Stream<Arguments> fields() {
        return Stream.of(
                arguments(API, "/spec/replicaz", "3", "spec.replicaz: this field does not exist"),
                arguments(
                        API,
                        CONTAINER + "securityContext/readOnlyRootFilesytem",
                        "true",
                        "containers.0.securityContext.readOnlyRootFilesytem: this field does not exist"),
                arguments(API, "/spec/replicas", "\"two\"", "spec.replicas"),
                arguments(API, "/spec/replicas", "\"2\"", "spec.replicas"),
                arguments(API, CONTAINER + "env/0/value", "8080", "env[0].value"),
                arguments(API, "/apiVersion", "\"apps/v1beta2\"", "apiVersion: 'apps/v1beta2 StatefulSet' is none of"),
                arguments("Kafka/gpuctl", "/apiVersion", "\"kafka.strimzi.io/v1beta2\"", "apiVersion"),
                arguments("Kafka/gpuctl", "/spec/zookeeper", "{\"replicas\": 3}", "spec.zookeeper"),
                arguments(
                        "Kafka/gpuctl",
                        "/spec/kafka/listeners/0/authentication/type",
                        "\"scram-sha-51\"",
                        "listeners[0].authentication"),
                arguments(
                        "KafkaNodePool/brokers",
                        "/spec/storage/volumes/0/deleteClaims",
                        "true",
                        "spec.storage.volumes.0.deleteClaims: this field does not exist"),
                arguments("PodMonitor/gpuctl", "/spec/podMetricsEndpoint", "[]", "spec.podMetricsEndpoint"),
                arguments("PrometheusRule/gpuctl", "/spec/groups/0/rules/0/exp", "\"1\"", "groups.0.rules.0.exp"));
    }

    private static Stream<Arguments> workloads() {
        return Stream.of(
                arguments(API, "/spec/selector/matchLabels/app.kubernetes.io~1component", "\"apis\"", "spec.selector"),
                arguments(
                        API,
                        POD + "topologySpreadConstraints/0/labelSelector/matchLabels/app.kubernetes.io~1component",
                        "\"apis\"",
                        "topologySpreadConstraints[0].labelSelector"),
                arguments(API, "/spec/serviceName", "\"gpuctl-apis\"", "there is no headless Service 'gpuctl-apis'"),
                arguments(API, POD + "enableServiceLinks", null, "enableServiceLinks"),
                arguments(API, POD + "securityContext/runAsNonRoot", "false", "runAsNonRoot"),
                arguments(API, CONTAINER + "image", "\"registry:5000/gpuctl\"", "has no tag that stays"),
                arguments(API, CONTAINER + "image", "\"gpuctl:latest\"", "has no tag that stays"),
                arguments(API, CONTAINER + "resources/requests/memory", "\"2Gi\"", "is more than the limit"),
                arguments(API, CONTAINER + "readinessProbe/httpGet/port", "\"https\"", "no port 'https'"),
                arguments(API, CONTAINER + "livenessProbe/httpGet/path", "\"/health/ready\"", "must be /health/live"),
                arguments(API, CONTAINER + "volumeMounts/0/name", "\"stat\"", "there is no volume 'stat'"),
                arguments(API, POD + "volumes/1/configMap/name", "\"gone\"", "there is no ConfigMap 'gone'"),
                arguments(API, CONTAINER + "envFrom/0/configMapRef/name", "\"gone\"", "there is no ConfigMap 'gone'"),
                arguments(API, POD + "volumes/3/secret/secretName", "\"gone\"", "there is no Secret 'gone'"),
                arguments(API, POD + "volumes/3/secret/items/0/key", "\"passwd\"", "has no 'passwd'"),
                arguments(
                        "PodDisruptionBudget/gpuctl-api",
                        "/spec/selector/matchLabels/app.kubernetes.io~1component",
                        null,
                        "spec.selector.matchLabels"),
                arguments("PodDisruptionBudget/gpuctl-api", "/spec/maxUnavailable", "0", "lets no pod go"));
    }

    private static Stream<Arguments> networks() {
        String egress = "NetworkPolicy/gpuctl-egress";
        return Stream.of(
                arguments("Service/gpuctl-api", "/spec/ports/0/targetPort", "\"web\"", "has a port 'web'"),
                arguments(
                        "Service/gpuctl-api",
                        "/spec/selector/app.kubernetes.io~1component",
                        "\"apis\"",
                        "selects no pods"),
                arguments(
                        egress,
                        "/spec/podSelector/matchLabels/app.kubernetes.io~1part-of",
                        "\"gpu\"",
                        "selects no pods"),
                arguments(egress, "/spec/egress/1/ports/0/port", "9092", "has a port '9092'"),
                arguments(egress, "/spec/egress/1/to", "[]", "for everybody"),
                arguments(egress, "/spec/policyTypes", "[\"Ingress\"]", "must name egress"),
                arguments(
                        "NetworkPolicy/gpuctl-api-internal", "/spec/ingress/0/ports/0/port", "\"inside\"", "'inside'"),
                arguments("NetworkPolicy/default-deny-ingress", "/spec/ingress", "[{}]", "for everybody"));
    }

    private static Stream<Arguments> settings() {
        String ofApi = "ConfigMap/gpuctl-api-settings*";
        String client = "ConfigMap/gpuctl-kafka-client*";
        return Stream.of(
                arguments(ofApi, "/data/GPUCTL_HOTS", "\"0.0.0.0\"", "has no option --hots"),
                arguments(API, CONTAINER + "args/1", "\"apis\"", "gpuctl run apis is no command"),
                arguments(
                        "StatefulSet/gpuctl-orchestrator",
                        POD + "initContainers/0/args/2",
                        "\"--kafkas\"",
                        "'--kafkas'"),
                arguments(ofApi, "/data/GPUCTL_PORT", "\"80a\"", "--port"),
                arguments(ofApi, "/data/GPUCTL_PORT", "\"8090\"", "GPUCTL_PORT: is 8090"),
                arguments(ofApi, "/data/GPUCTL_SECRET_FILE", "\"/etc/gpuctl/secret\"", "GPUCTL_SECRET_FILE"),
                arguments(ofApi, "/data/GPUCTL_ALLOW_HOST", "\"gpuctl-api\"", "lacks gpuctl-api.gpuctl"),
                arguments("ConfigMap/gpuctl-settings*", "/data/GPUCTL_KAFKA", "\"kafka:9092\"", "GPUCTL_KAFKA"),
                arguments(client, "/data/client.properties", "\"sasl.mechanisms=PLAIN\"", "sasl.mechanisms"),
                arguments(
                        client,
                        "/data/client.properties",
                        "\"ssl.truststore.location=/etc/gpuctl/ca.crt\"",
                        "ssl.truststore.location"));
    }

    private static Stream<Arguments> kafka() {
        String kafka = "Kafka/gpuctl";
        String config = "/spec/kafka/config/";
        return Stream.of(
                arguments(kafka, "/spec/kafka/version", "\"4.2.0\"", "spec.kafka.version"),
                arguments(kafka, config + "min.insync.replica", "2", "is no setting of Kafka's brokers"),
                arguments(kafka, config + "listeners", "\"PLAIN://:9092\"", "Strimzi keeps this for itself"),
                arguments(kafka, config + "default.replication.factor", "1", "is 1 with 3 brokers"),
                arguments(kafka, config + "auto.create.topics.enable", "true", "must be false"),
                arguments(kafka, "/spec/kafka/listeners/0/tls", "false", "must have TLS"),
                arguments(kafka, "/spec/kafka/authorization", null, "authorization"),
                arguments(kafka, "/spec/kafka/template/pod", null, "template.pod.securityContext.runAsNonRoot"),
                arguments(
                        kafka,
                        "/spec/entityOperator/template/userOperatorContainer/securityContext",
                        null,
                        "userOperatorContainer.securityContext.capabilities"),
                arguments("KafkaNodePool/controllers", "/spec/replicas", "2", "have no majority"),
                arguments("KafkaNodePool/brokers", "/metadata/labels/strimzi.io~1cluster", "\"x\"", "no Kafka 'x'"),
                arguments(
                        API,
                        POD + "volumes/3/secret/secretName",
                        "\"gpuctl-nodes\"",
                        "has the password of gpuctl-nodes"),
                arguments(
                        "KafkaUser/gpuctl-api",
                        "/spec/authorization/acls/0/operations",
                        "[\"Read\"]",
                        "lacks topic task-commands literal [Describe, DescribeConfigs, Read, Write]"),
                arguments(
                        "KafkaUser/gpuctl-nodes",
                        "/spec/authorization/acls/0/resource/patternType",
                        "\"prefix\"",
                        "has too much: topic task-commands prefix"),
                arguments(
                        "KafkaUser/gpuctl-nodes", "/metadata/name", "\"gpuctl-node\"", "no KafkaUser 'gpuctl-nodes'"));
    }

    private static Stream<Arguments> monitoring() {
        return Stream.of(
                arguments("PodMonitor/gpuctl", "/spec/podMetricsEndpoints/0/port", "\"metric\"", "has a port 'metric'"),
                arguments("PodMonitor/gpuctl-kafka", "/spec/selector/matchLabels/strimzi.io~1kind", "\"K\"", "no pods"),
                arguments(
                        "ScrapeConfig/gpuctl-gpus",
                        "/spec/httpSDConfigs/0/url",
                        "\"http://gpuctl-api.gpuctl.svc:80/metrics/targets\"",
                        "no Service has the address"));
    }

    /**
     * @param name of the resource; {@code *} for the hash that kustomize adds
     * @param pointer to the place of the mistake
     * @param value JSON; null to remove the value at this place
     * @param finding the text that one of the findings must contain, besides the resource
     */
    @ParameterizedTest(name = "{0} {1} = {2}")
    @MethodSource("mistakes")
    void isFound(String name, String pointer, String value, String finding) throws IOException {
        List<Resource> documents = new ArrayList<>();
        rendered.forEach(resource -> documents.add(new Resource(resource.tree().deepCopy())));
        var planted = documents.stream()
                .filter(resource -> name.endsWith("*")
                        ? resource.toString().startsWith(name.substring(0, name.length() - 1) + "-")
                        : resource.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + name));
        plant(planted.tree(), pointer, value);

        assertThat(ManifestRules.problems(documents))
                .anySatisfy(problem -> assertThat(problem).contains(finding));
    }

    private static void plant(ObjectNode tree, String pointer, String value) throws IOException {
        int last = pointer.lastIndexOf('/');
        JsonNode parent = tree.at(pointer.substring(0, last));
        String field = pointer.substring(last + 1).replace("~1", "/");
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(field), JSON.readTree(value));
        } else if (value == null) {
            ((ObjectNode) parent).remove(field);
        } else {
            ((ObjectNode) parent).set(field, JSON.readTree(value));
        }
    }
}
