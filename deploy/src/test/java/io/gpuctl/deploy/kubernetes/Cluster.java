package io.gpuctl.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The documents of an overlay as one cluster, including the pods and Secrets that Kubernetes and Strimzi create from
 * them.
 */
final class Cluster {

    /** Created by hand before the first start; see docs/kubernetes.md. */
    private static final Map<String, Set<String>> SECRETS_BY_HAND = Map.of("gpuctl-internal", Set.of("secret"));

    /** The port of Strimzi's JMX exporter. */
    private static final int KAFKA_METRICS_PORT = 9404;

    private final List<Resource> resources;

    Cluster(List<Resource> resources) {
        this.resources = resources;
    }

    /**
     * A pod that will run.
     *
     * @param owner the resource that the pod is created from
     * @param ports the ports that its containers declare, by name
     */
    record Pod(Resource owner, Map<String, String> labels, Map<String, Integer> ports) {

        boolean isSelectedBy(Map<String, String> selector) {
            return labels.entrySet().containsAll(selector.entrySet());
        }
    }

    List<Resource> all() {
        return resources;
    }

    List<Resource> all(String kind) {
        return resources.stream().filter(resource -> resource.is(kind)).toList();
    }

    Optional<Resource> find(String kind, String name) {
        return all(kind).stream()
                .filter(resource -> resource.name().equals(name))
                .findFirst();
    }

    /** Returns the keys of a ConfigMap or Secret; empty if it does not exist. */
    Optional<Set<String>> keys(String kind, String name) {
        return kind.equals("Secret")
                ? Optional.ofNullable(secrets().get(name))
                : find(kind, name)
                        .map(found ->
                                new TreeSet<>(Resource.strings(found.at("data")).keySet()));
    }

    /** Returns the keys of each Secret that will exist. */
    private Map<String, Set<String>> secrets() {
        var secrets = new HashMap<>(SECRETS_BY_HAND);
        all("Kafka")
                .forEach(kafka ->
                        secrets.put(kafka.name() + "-cluster-ca-cert", Set.of("ca.crt", "ca.p12", "ca.password")));
        all("KafkaUser").forEach(user -> secrets.put(user.name(), Set.of("password", "sasl.jaas.config")));
        return secrets;
    }

    List<Resource> workloads() {
        return all("StatefulSet");
    }

    List<Pod> pods() {
        return Stream.concat(
                        workloads().stream().map(Cluster::podOf),
                        all("Kafka").stream().map(Cluster::podOfKafka))
                .toList();
    }

    List<Pod> pods(Map<String, String> selector) {
        return pods().stream().filter(pod -> pod.isSelectedBy(selector)).toList();
    }

    private static Pod podOf(Resource workload) {
        var ports = new TreeMap<String, Integer>();
        containers(workload)
                .forEach(container -> container
                        .path("ports")
                        .forEach(port -> ports.put(
                                port.path("name").asText(),
                                port.path("containerPort").asInt())));
        return new Pod(workload, Resource.strings(workload.at("spec.template.metadata.labels")), ports);
    }

    /** Uses the labels and port names of Strimzi 1.2 for brokers and controllers. */
    private static Pod podOfKafka(Resource kafka) {
        var ports = new TreeMap<String, Integer>();
        kafka.at("spec.kafka.listeners")
                .forEach(listener -> ports.put(
                        "tcp-" + listener.path("name").asText(),
                        listener.path("port").asInt()));
        if (!kafka.at("spec.kafka.metricsConfig").isMissingNode()) {
            ports.put("tcp-prometheus", KAFKA_METRICS_PORT);
        }
        return new Pod(
                kafka,
                Map.of(
                        "strimzi.io/cluster",
                        kafka.name(),
                        "strimzi.io/name",
                        kafka.name() + "-kafka",
                        "strimzi.io/kind",
                        "Kafka"),
                ports);
    }

    static List<JsonNode> containers(Resource workload) {
        var containers = new ArrayList<JsonNode>();
        workload.at("spec.template.spec.initContainers").forEach(containers::add);
        workload.at("spec.template.spec.containers").forEach(containers::add);
        return containers;
    }

    /**
     * Returns the variables of a container. Values that depend on the pod, such as its name, are the values of the
     * first pod.
     */
    Map<String, String> environment(Resource workload, JsonNode container) {
        var environment = new TreeMap<String, String>();
        container
                .path("envFrom")
                .forEach(from -> find(
                                "ConfigMap",
                                Resource.at(from, "configMapRef.name").asText())
                        .ifPresent(map -> environment.putAll(Resource.strings(map.at("data")))));
        container.path("env").forEach(variable -> {
            String field = Resource.at(variable, "valueFrom.fieldRef.fieldPath").asText();
            String value = switch (field) {
                case "metadata.name" -> workload.name() + "-0";
                case "status.podIP" -> "10.0.0.1";
                default -> variable.path("value").asText();
            };
            environment.put(variable.path("name").asText(), expanded(value, environment));
        });
        return environment;
    }

    /** Replaces each {@code $(NAME)}, as the kubelet does in values and arguments. */
    static String expanded(String value, Map<String, String> environment) {
        String expanded = value;
        for (var variable : environment.entrySet()) {
            expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
        }
        return expanded;
    }
}
