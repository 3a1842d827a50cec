package io.gpuctl.deploy.kubernetes;

import java.net.URI;
import java.util.Map;

/** Checks monitors: they must select existing pods, and scrape a port of these pods. */
final class MonitoringRules {

    private final Cluster cluster;
    private final Findings findings;

    MonitoringRules(Cluster cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
    }

    void check() {
        cluster.all("PodMonitor").forEach(this::checkMonitor);
        cluster.all("ScrapeConfig").forEach(this::checkDiscovery);
    }

    private void checkMonitor(Resource monitor) {
        Map<String, String> selector = Resource.strings(monitor.at("spec.selector.matchLabels"));
        var pods = cluster.pods(selector);
        findings.addUnless(
                !selector.isEmpty() && !pods.isEmpty(),
                monitor,
                "spec.selector.matchLabels",
                selector + " selects no pods");
        var endpoints = monitor.at("spec.podMetricsEndpoints");
        for (int i = 0; i < endpoints.size(); i++) {
            String port = endpoints.get(i).path("port").asText();
            findings.addUnless(
                    pods.isEmpty() || pods.stream().anyMatch(pod -> pod.ports().containsKey(port)),
                    monitor,
                    "spec.podMetricsEndpoints[%d].port".formatted(i),
                    "none of the pods has a port '%s'".formatted(port));
        }
        for (Cluster.Pod pod : pods) {
            boolean isAsked = false;
            for (int i = 0; i < endpoints.size(); i++) {
                isAsked |= pod.ports().containsKey(endpoints.get(i).path("port").asText());
            }
            findings.addUnless(
                    isAsked, monitor, "spec.podMetricsEndpoints", "no port of %s is asked".formatted(pod.owner()));
        }
    }

    private void checkDiscovery(Resource config) {
        var sources = config.at("spec.httpSDConfigs");
        for (int i = 0; i < sources.size(); i++) {
            URI url = URI.create(sources.get(i).path("url").asText());
            boolean isServed = cluster.all("Service").stream()
                    .anyMatch(service -> url.getHost()
                                    .equals("%s.%s.svc".formatted(service.name(), service.text("metadata.namespace")))
                            && service.at("spec.ports").findValues("port").stream()
                                    .anyMatch(port -> port.asInt() == url.getPort()));
            findings.addUnless(
                    isServed,
                    config,
                    "spec.httpSDConfigs[%d].url".formatted(i),
                    "no Service has the address %s".formatted(url));
        }
    }
}
