package io.gpuctl.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.strimzi.api.kafka.model.kafka.KafkaClusterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.server.config.AbstractKafkaConfig;

/** Checks Kafka: enough brokers for the copies, and only settings that Kafka knows and Strimzi accepts. */
final class KafkaRules {

    private final Cluster cluster;
    private final Findings findings;

    KafkaRules(Cluster cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
    }

    void check() {
        cluster.all("Kafka").forEach(this::check);
        cluster.all("KafkaNodePool").forEach(this::checkBelongs);
        cluster.all("KafkaUser").forEach(this::checkBelongs);
        cluster.all("KafkaTopic").forEach(topic -> findings.add(topic, "kind", "gpuctl makes its topics itself"));
    }

    private void checkBelongs(Resource resource) {
        String name = Resource.strings(resource.at("metadata.labels")).getOrDefault("strimzi.io/cluster", "");
        findings.addUnless(
                cluster.find("Kafka", name).isPresent(),
                resource,
                "metadata.labels.strimzi.io/cluster",
                "there is no Kafka '%s'".formatted(name));
    }

    private void check(Resource kafka) {
        String version = kafka.text("spec.kafka.version");
        findings.addUnless(
                version.equals(AppInfoParser.getVersion()),
                kafka,
                "spec.kafka.version",
                "%s is not that of our clients, %s".formatted(version, AppInfoParser.getVersion()));
        checkCopies(kafka);
        checkConfig(kafka);
        var listeners = kafka.at("spec.kafka.listeners");
        for (int i = 0; i < listeners.size(); i++) {
            findings.addUnless(
                    listeners.get(i).path("tls").asBoolean() && listeners.get(i).has("authentication"),
                    kafka,
                    "spec.kafka.listeners[%d]".formatted(i),
                    "must have TLS and ask for a password");
            checkPeers(kafka, "spec.kafka.listeners[%d].networkPolicyPeers".formatted(i), listeners.get(i));
        }
        findings.addUnless(
                kafka.text("spec.kafka.authorization.type").equals("simple"),
                kafka,
                "spec.kafka.authorization.type",
                "must be simple, or the rights of users mean nothing");
        for (String path : List.of("spec.kafka.template", "spec.entityOperator.template")) {
            checkPrivileges(kafka, path);
        }
        String metrics = kafka.text("spec.kafka.metricsConfig.valueFrom.configMapKeyRef.name");
        String key = kafka.text("spec.kafka.metricsConfig.valueFrom.configMapKeyRef.key");
        findings.addUnless(
                cluster.keys("ConfigMap", metrics).orElse(Set.of()).contains(key),
                kafka,
                "spec.kafka.metricsConfig.valueFrom.configMapKeyRef",
                "there is no ConfigMap '%s' with '%s'".formatted(metrics, key));
    }

    /** Strimzi's pods must also comply with the security standard of the namespace. */
    private void checkPrivileges(Resource kafka, String path) {
        var template = kafka.at(path);
        findings.addUnless(
                Resource.at(template, "pod.securityContext.runAsNonRoot").asBoolean(),
                kafka,
                path + ".pod.securityContext.runAsNonRoot",
                "must be true");
        template.properties()
                .forEach(entry -> findings.addUnless(
                        entry.getKey().equals("pod")
                                || Resource.texts(Resource.at(entry.getValue(), "securityContext.capabilities.drop"))
                                        .equals(List.of("ALL")),
                        kafka,
                        "%s.%s.securityContext.capabilities".formatted(path, entry.getKey()),
                        "must drop ALL"));
    }

    private void checkPeers(Resource kafka, String path, JsonNode listener) {
        for (JsonNode peer : listener.path("networkPolicyPeers")) {
            var labels = Resource.strings(Resource.at(peer, "podSelector.matchLabels"));
            findings.addUnless(!cluster.pods(labels).isEmpty(), kafka, path, labels + " selects no pods");
        }
        findings.addUnless(!listener.path("networkPolicyPeers").isEmpty(), kafka, path, "lets everybody connect");
    }

    private void checkCopies(Resource kafka) {
        int brokers = nodes("broker");
        int controllers = nodes("controller");
        findings.addUnless(
                controllers % 2 == 1, kafka, "spec", "%d controllers have no majority".formatted(controllers));
        Resource.strings(kafka.at("spec.kafka.config")).forEach((name, value) -> {
            if (name.endsWith("replication.factor")) {
                findings.addUnless(
                        Integer.parseInt(value) == Math.min(3, brokers),
                        kafka,
                        "spec.kafka.config." + name,
                        "is %s with %d brokers".formatted(value, brokers));
            } else if (name.endsWith("min.isr") || name.equals("min.insync.replicas")) {
                findings.addUnless(
                        Integer.parseInt(value) == Math.max(1, Math.min(3, brokers) - 1),
                        kafka,
                        "spec.kafka.config." + name,
                        "is %s with %d brokers".formatted(value, brokers));
            }
        });
    }

    private int nodes(String role) {
        return cluster.all("KafkaNodePool").stream()
                .filter(pool -> Resource.texts(pool.at("spec.roles")).contains(role))
                .mapToInt(pool -> pool.at("spec.replicas").asInt())
                .sum();
    }

    private void checkConfig(Resource kafka) {
        Set<String> known = new TreeSet<>(AbstractKafkaConfig.CONFIG_DEF.names());
        List<String> forbidden = Arrays.asList(KafkaClusterSpec.FORBIDDEN_PREFIXES.split(", *"));
        List<String> excepted = Arrays.asList(KafkaClusterSpec.FORBIDDEN_PREFIX_EXCEPTIONS.split(", *"));
        Resource.strings(kafka.at("spec.kafka.config")).keySet().forEach(name -> {
            String path = "spec.kafka.config." + name;
            findings.addUnless(known.contains(name), kafka, path, "is no setting of Kafka's brokers");
            findings.addUnless(
                    excepted.contains(name) || forbidden.stream().noneMatch(name::startsWith),
                    kafka,
                    path,
                    "Strimzi keeps this for itself");
        });
        findings.addUnless(
                kafka.at("spec.kafka.config")
                        .path("auto.create.topics.enable")
                        .asText()
                        .equals("false"),
                kafka,
                "spec.kafka.config.auto.create.topics.enable",
                "must be false");
    }
}
