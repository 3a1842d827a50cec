package io.gpuctl.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Checks Services and network policies: they must select existing pods and ports of these pods. */
final class NetworkRules {

    private final Cluster cluster;
    private final Findings findings;

    NetworkRules(Cluster cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
    }

    void check() {
        cluster.all("Service").forEach(this::checkService);
        cluster.all("NetworkPolicy").forEach(this::checkPolicy);
        cluster.workloads().forEach(this::checkIsClosed);
        findings.addUnless(
                cluster.all("NetworkPolicy").stream().anyMatch(NetworkRules::closesAll),
                cluster.all().getFirst(),
                "",
                "no NetworkPolicy closes all pods to what is not named");
    }

    private static boolean closesAll(Resource policy) {
        return policy.at("spec.podSelector").isEmpty()
                && Resource.texts(policy.at("spec.policyTypes")).contains("Ingress")
                && policy.at("spec.ingress").isEmpty();
    }

    /** Every pod needs an egress policy; without one, it may reach everything. */
    private void checkIsClosed(Resource workload) {
        var labels = Resource.strings(workload.at("spec.template.metadata.labels"));
        findings.addUnless(
                cluster.all("NetworkPolicy").stream()
                        .filter(policy ->
                                Resource.texts(policy.at("spec.policyTypes")).contains("Egress"))
                        .anyMatch(policy -> labels.entrySet()
                                .containsAll(Resource.strings(policy.at("spec.podSelector.matchLabels"))
                                        .entrySet())),
                workload,
                "spec.template.metadata.labels",
                "no NetworkPolicy says what these pods may reach");
    }

    private void checkService(Resource service) {
        var selector = Resource.strings(service.at("spec.selector"));
        var pods = cluster.pods(selector);
        findings.addUnless(
                !selector.isEmpty() && !pods.isEmpty(), service, "spec.selector", selector + " selects no pods");
        var ports = service.at("spec.ports");
        for (int i = 0; i < ports.size(); i++) {
            checkPort(
                    service,
                    "spec.ports[%d].targetPort".formatted(i),
                    ports.get(i).path("targetPort"),
                    pods);
        }
    }

    private void checkPort(Resource resource, String path, JsonNode port, List<Cluster.Pod> pods) {
        findings.addUnless(
                pods.isEmpty()
                        || pods.stream()
                                .anyMatch(pod -> port.isTextual()
                                        ? pod.ports().containsKey(port.asText())
                                        : pod.ports().containsValue(port.asInt())),
                resource,
                path,
                "none of the pods has a port '%s'".formatted(port.asText()));
    }

    private void checkPolicy(Resource policy) {
        var selected = checkSelector(policy, "spec.podSelector", policy.at("spec.podSelector"));
        for (String direction : List.of("ingress", "egress")) {
            var rules = policy.at("spec." + direction);
            findings.addUnless(
                    rules.isEmpty()
                            || Resource.texts(policy.at("spec.policyTypes")).stream()
                                    .anyMatch(direction::equalsIgnoreCase),
                    policy,
                    "spec.policyTypes",
                    "must name " + direction);
            for (int i = 0; i < rules.size(); i++) {
                checkRule(policy, "spec.%s[%d]".formatted(direction, i), rules.get(i), selected);
            }
        }
    }

    /** A rule without peers allows every peer, and a rule without ports allows every port. */
    private void checkRule(Resource policy, String path, JsonNode rule, List<Cluster.Pod> selected) {
        String side = rule.has("to") ? "to" : "from";
        findings.addUnless(!rule.path(side).isEmpty(), policy, path, "has no peers, so it is for everybody");
        findings.addUnless(!rule.path("ports").isEmpty(), policy, path, "has no ports, so it is for all of them");
        var reached = selected;
        for (int i = 0; i < rule.path(side).size(); i++) {
            var peer = rule.path(side).get(i);
            if (peer.has("namespaceSelector")) {
                if (side.equals("to")) {
                    return; // The pods of other namespaces are unknown here.
                }
                continue;
            }
            var pods =
                    checkSelector(policy, "%s.%s[%d].podSelector".formatted(path, side, i), peer.path("podSelector"));
            reached = side.equals("to") ? pods : selected;
        }
        for (int i = 0; i < rule.path("ports").size(); i++) {
            checkPort(
                    policy,
                    "%s.ports[%d].port".formatted(path, i),
                    rule.path("ports").get(i).path("port"),
                    reached);
        }
    }

    private List<Cluster.Pod> checkSelector(Resource policy, String path, JsonNode selector) {
        var labels = Resource.strings(selector.path("matchLabels"));
        var pods = cluster.pods(labels);
        findings.addUnless(!pods.isEmpty(), policy, path, labels + " selects no pods");
        return pods;
    }
}
