package io.gpuctl.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks workloads: their selectors, images, probes and volumes, and that pods request no privileges. */
final class WorkloadRules {

    private static final String POD = "spec.template.spec";

    private final Cluster cluster;
    private final Findings findings;

    WorkloadRules(Cluster cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
    }

    void check() {
        cluster.workloads().forEach(this::check);
        cluster.all("PodDisruptionBudget").forEach(this::checkBudget);
    }

    private void check(Resource workload) {
        var labels = Resource.strings(workload.at("spec.template.metadata.labels"));
        checkSelects(workload, "spec.selector.matchLabels", labels);
        var spread = workload.at(POD + ".topologySpreadConstraints");
        for (int i = 0; i < spread.size(); i++) {
            checkSelects(
                    workload, "%s.topologySpreadConstraints[%d].labelSelector.matchLabels".formatted(POD, i), labels);
        }
        String service = workload.text("spec.serviceName");
        findings.addUnless(
                cluster.find("Service", service)
                        .filter(found -> found.text("spec.clusterIP").equals("None"))
                        .isPresent(),
                workload,
                "spec.serviceName",
                "there is no headless Service '%s'".formatted(service));
        checkPrivileges(workload);
        findings.addUnless(
                workload.at(POD + ".enableServiceLinks").isBoolean()
                        && !workload.at(POD + ".enableServiceLinks").asBoolean(),
                workload,
                POD + ".enableServiceLinks",
                "must be false: a Service would set GPUCTL_ variables");
        checkVolumes(workload);
        for (String kind : List.of("initContainers", "containers")) {
            var containers = workload.at(POD + "." + kind);
            for (int i = 0; i < containers.size(); i++) {
                checkContainer(workload, containers.get(i), "%s.%s[%d]".formatted(POD, kind, i));
            }
        }
    }

    private void checkSelects(Resource workload, String path, Map<String, String> labels) {
        var selector = Resource.strings(at(workload, path));
        findings.addUnless(
                !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet()),
                workload,
                path,
                "%s does not select the pods, whose labels are %s".formatted(selector, labels));
    }

    /** Returns the node at a path with indexes. */
    private static JsonNode at(Resource resource, String path) {
        return resource.tree().at("/" + path.replaceAll("\\[(\\d+)]", ".$1").replace('.', '/'));
    }

    private void checkPrivileges(Resource workload) {
        String path = POD + ".securityContext";
        findings.addUnless(
                workload.at(path + ".runAsNonRoot").asBoolean(), workload, path + ".runAsNonRoot", "must be true");
        findings.addUnless(
                workload.text(path + ".seccompProfile.type").equals("RuntimeDefault"),
                workload,
                path + ".seccompProfile.type",
                "must be RuntimeDefault");
        findings.addUnless(
                workload.at(POD + ".automountServiceAccountToken").isBoolean()
                        && !workload.at(POD + ".automountServiceAccountToken").asBoolean(),
                workload,
                POD + ".automountServiceAccountToken",
                "must be false: nothing here talks to Kubernetes");
    }

    private void checkContainer(Resource workload, JsonNode container, String path) {
        checkImage(workload, container.path("image").asText(), path + ".image");
        var security = container.path("securityContext");
        findings.addUnless(
                security.path("readOnlyRootFilesystem").asBoolean(),
                workload,
                path + ".securityContext.readOnlyRootFilesystem",
                "must be true");
        findings.addUnless(
                security.path("allowPrivilegeEscalation").isBoolean()
                        && !security.path("allowPrivilegeEscalation").asBoolean(),
                workload,
                path + ".securityContext.allowPrivilegeEscalation",
                "must be false");
        findings.addUnless(
                Resource.texts(security.path("capabilities").path("drop")).equals(List.of("ALL"))
                        && security.path("capabilities").path("add").isEmpty(),
                workload,
                path + ".securityContext.capabilities",
                "must drop ALL, and add none");
        checkMemory(workload, container.path("resources"), path + ".resources");
        checkMounts(workload, container, path);
        checkSettingsExist(workload, container, path);
        if (path.contains(".containers")) {
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                checkProbe(workload, container, probe, path);
            }
        }
    }

    private void checkImage(Resource workload, String image, String path) {
        String tag = image.substring(image.lastIndexOf('/') + 1).replaceFirst("^[^:@]*[:@]?", "");
        findings.addUnless(
                !tag.isEmpty() && !tag.equals("latest"), workload, path, "'%s' has no tag that stays".formatted(image));
    }

    private void checkMemory(Resource workload, JsonNode resources, String path) {
        var requested = resources.path("requests").path("memory");
        var limit = resources.path("limits").path("memory");
        if (requested.isMissingNode() || limit.isMissingNode()) {
            findings.add(workload, path, "must request memory, and limit it");
            return;
        }
        findings.addUnless(
                bytes(requested).compareTo(bytes(limit)) <= 0,
                workload,
                path + ".requests.memory",
                "%s is more than the limit, %s".formatted(requested.asText(), limit.asText()));
    }

    private static java.math.BigDecimal bytes(JsonNode quantity) {
        return Quantity.getAmountInBytes(new Quantity(quantity.asText()));
    }

    private void checkProbe(Resource workload, JsonNode container, String probe, String path) {
        var get = container.path(probe).path("httpGet");
        String expected = probe.equals("readinessProbe") ? "/health/ready" : "/health/live";
        findings.addUnless(
                get.path("path").asText().equals(expected),
                workload,
                "%s.%s.httpGet.path".formatted(path, probe),
                "'%s' must be %s".formatted(get.path("path").asText(), expected));
        boolean isDeclared = false;
        for (JsonNode port : container.path("ports")) {
            isDeclared |= port.path("name").asText().equals(get.path("port").asText())
                    || port.path("containerPort")
                            .asText()
                            .equals(get.path("port").asText());
        }
        findings.addUnless(
                isDeclared,
                workload,
                "%s.%s.httpGet.port".formatted(path, probe),
                "the container declares no port '%s'".formatted(get.path("port").asText()));
    }

    private void checkMounts(Resource workload, JsonNode container, String path) {
        Set<String> volumes = volumes(workload);
        var mounts = container.path("volumeMounts");
        for (int i = 0; i < mounts.size(); i++) {
            String name = mounts.get(i).path("name").asText();
            findings.addUnless(
                    volumes.contains(name),
                    workload,
                    "%s.volumeMounts[%d].name".formatted(path, i),
                    "there is no volume '%s', but %s".formatted(name, volumes));
        }
    }

    private static Set<String> volumes(Resource workload) {
        var names = new TreeSet<String>();
        workload.at(POD + ".volumes")
                .forEach(volume -> names.add(volume.path("name").asText()));
        workload.at("spec.volumeClaimTemplates")
                .forEach(claim -> names.add(Resource.at(claim, "metadata.name").asText()));
        return names;
    }

    private void checkVolumes(Resource workload) {
        var volumes = workload.at(POD + ".volumes");
        for (int i = 0; i < volumes.size(); i++) {
            String path = "%s.volumes[%d]".formatted(POD, i);
            checkSource(workload, volumes.get(i).path("configMap"), "ConfigMap", "name", path + ".configMap");
            checkSource(workload, volumes.get(i).path("secret"), "Secret", "secretName", path + ".secret");
        }
    }

    private void checkSource(Resource workload, JsonNode source, String kind, String nameField, String path) {
        if (source.isMissingNode()) {
            return;
        }
        String name = source.path(nameField).asText();
        var keys = cluster.keys(kind, name);
        if (keys.isEmpty()) {
            findings.add(workload, path + "." + nameField, "there is no %s '%s'".formatted(kind, name));
            return;
        }
        var items = source.path("items");
        for (int i = 0; i < items.size(); i++) {
            String key = items.get(i).path("key").asText();
            findings.addUnless(
                    keys.get().contains(key),
                    workload,
                    "%s.items[%d].key".formatted(path, i),
                    "%s '%s' has no '%s', but %s".formatted(kind, name, key, keys.get()));
        }
    }

    private void checkSettingsExist(Resource workload, JsonNode container, String path) {
        var sources = container.path("envFrom");
        for (int i = 0; i < sources.size(); i++) {
            String name = Resource.at(sources.get(i), "configMapRef.name").asText();
            findings.addUnless(
                    cluster.find("ConfigMap", name).isPresent(),
                    workload,
                    "%s.envFrom[%d].configMapRef.name".formatted(path, i),
                    "there is no ConfigMap '%s'".formatted(name));
        }
    }

    private void checkBudget(Resource budget) {
        var selector = Resource.strings(budget.at("spec.selector.matchLabels"));
        var pods = cluster.pods(selector);
        findings.addUnless(
                !selector.isEmpty() && pods.size() == 1,
                budget,
                "spec.selector.matchLabels",
                "%s selects the pods of %s, but must select the pods of one workload"
                        .formatted(
                                selector, pods.stream().map(Cluster.Pod::owner).toList()));
        boolean allowsOne = budget.at("spec.maxUnavailable").asInt() >= 1
                || pods.stream()
                        .allMatch(pod -> budget.at("spec.minAvailable").isInt()
                                && budget.at("spec.minAvailable").asInt()
                                        < pod.owner().at("spec.replicas").asInt());
        findings.addUnless(allowsOne, budget, "spec", "lets no pod go: a node could never be emptied");
    }
}
