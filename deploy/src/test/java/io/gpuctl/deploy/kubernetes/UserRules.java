package io.gpuctl.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.kafka.access.AccessRule;
import io.gpuctl.events.kafka.access.AccessRules;
import io.gpuctl.events.kafka.access.ServiceUser;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/** Checks the users of Kafka: each must have exactly the rights of the table, and each pod one password. */
final class UserRules {

    private static final Map<String, ServiceUser> USERS = Map.of(
            "gpuctl-orchestrator", ServiceUser.ORCHESTRATOR,
            "gpuctl-api", ServiceUser.API,
            "gpuctl-simulator", ServiceUser.NODES);

    private static final Map<ResourceType, String> TYPES = Map.of(
            ResourceType.TOPIC, "topic",
            ResourceType.GROUP, "group",
            ResourceType.TRANSACTIONAL_ID, "transactionalId",
            ResourceType.CLUSTER, "cluster");

    private final Cluster cluster;
    private final Findings findings;

    UserRules(Cluster cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
    }

    void check() {
        for (ServiceUser user : ServiceUser.values()) {
            cluster.find("KafkaUser", nameOf(user))
                    .ifPresentOrElse(
                            resource -> checkRights(resource, user),
                            () -> cluster.all("Kafka")
                                    .forEach(kafka -> findings.add(
                                            kafka, "", "there is no KafkaUser '%s'".formatted(nameOf(user)))));
        }
        cluster.workloads().forEach(this::checkPasswords);
    }

    private static String nameOf(ServiceUser user) {
        return user.defaultPrincipal().replaceFirst("^User:", "");
    }

    private void checkRights(Resource resource, ServiceUser user) {
        SortedSet<String> wanted =
                AccessRules.of(user).stream().map(UserRules::line).collect(Collectors.toCollection(TreeSet::new));
        SortedSet<String> found = new TreeSet<>();
        resource.at("spec.authorization.acls").forEach(acl -> found.add(line(acl)));
        wanted.stream()
                .filter(line -> !found.contains(line))
                .forEach(line -> findings.add(resource, "spec.authorization.acls", "lacks " + line));
        found.stream()
                .filter(line -> !wanted.contains(line))
                .forEach(line -> findings.add(resource, "spec.authorization.acls", "has too much: " + line));
        findings.addUnless(
                resource.text("spec.authentication.type").equals("scram-sha-512"),
                resource,
                "spec.authentication.type",
                "is not what the listener asks for");
    }

    private static String line(AccessRule rule) {
        var resource = rule.resource();
        String pattern = resource.patternType() == PatternType.PREFIXED ? "prefix" : "literal";
        String name = resource.resourceType() == ResourceType.CLUSTER ? "" : " " + resource.name() + " " + pattern;
        return TYPES.get(resource.resourceType())
                + name
                + " "
                + rule.operations().stream()
                        .map(SecurityUtils::operationName)
                        .sorted()
                        .toList();
    }

    /** Formats a right as Strimzi does: the default pattern is literal, the default type is allow. */
    private static String line(JsonNode acl) {
        var resource = acl.path("resource");
        String name = resource.has("name")
                ? " " + resource.path("name").asText() + " "
                        + resource.path("patternType").asText("literal")
                : "";
        String denied = acl.path("type").asText("allow").equals("allow") ? "" : "not ";
        return denied
                + resource.path("type").asText()
                + name
                + " "
                + Resource.texts(acl.path("operations")).stream().sorted().toList();
    }

    private void checkPasswords(Resource workload) {
        ServiceUser user = USERS.get(workload.name());
        for (JsonNode volume : workload.at("spec.template.spec.volumes")) {
            String secret = Resource.at(volume, "secret.secretName").asText();
            boolean isOfDeployer = secret.equals(nameOf(ServiceUser.DEPLOYER));
            if (cluster.find("KafkaUser", secret).isPresent() && !isOfDeployer) {
                findings.addUnless(
                        user != null && secret.equals(nameOf(user)),
                        workload,
                        "spec.template.spec.volumes",
                        "has the password of %s in place of %s".formatted(secret, user));
            }
        }
    }
}
