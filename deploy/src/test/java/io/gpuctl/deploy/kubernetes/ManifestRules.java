package io.gpuctl.deploy.kubernetes;

import java.util.List;
import java.util.TreeSet;

/** Runs all checks of an overlay's documents. */
final class ManifestRules {

    private ManifestRules() {}

    /** Returns the problems, one per line; empty if the documents are right. */
    static List<String> problems(List<Resource> resources) {
        var findings = new Findings();
        StrictParse.check(resources, findings);
        checkIdentities(resources, findings);
        var cluster = new Cluster(resources);
        new WorkloadRules(cluster, findings).check();
        new NetworkRules(cluster, findings).check();
        new SettingsRules(cluster, findings).check();
        new KafkaRules(cluster, findings).check();
        new UserRules(cluster, findings).check();
        new MonitoringRules(cluster, findings).check();
        return findings.all();
    }

    private static void checkIdentities(List<Resource> resources, Findings findings) {
        var seen = new TreeSet<String>();
        for (Resource resource : resources) {
            findings.addUnless(seen.add(resource.toString()), resource, "metadata.name", "is there twice");
            findings.addUnless(
                    resource.is("Namespace")
                            || resource.text("metadata.namespace").equals("gpuctl"),
                    resource,
                    "metadata.namespace",
                    "is '%s', but must be gpuctl".formatted(resource.text("metadata.namespace")));
        }
        for (Resource namespace : new Cluster(resources).all("Namespace")) {
            String standard = Resource.strings(namespace.at("metadata.labels"))
                    .getOrDefault("pod-security.kubernetes.io/enforce", "");
            findings.addUnless(
                    standard.equals("restricted"),
                    namespace,
                    "metadata.labels.pod-security.kubernetes.io/enforce",
                    "must be restricted");
        }
    }
}
