package io.gpuctl.cli.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.kafka.access.AccessRule;
import io.gpuctl.events.kafka.access.AccessRules;
import io.gpuctl.events.kafka.access.ServiceUser;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/** The formats of a printed list of all users' rights; the value of {@code -o}. */
enum AclFormat {
    TABLE,
    JSON,
    YAML,
    /** Command lines for Kafka's own {@code kafka-acls.sh}. */
    COMMANDS,
    /** {@code KafkaUser} resources for Strimzi, which contain the rights and nothing else. */
    STRIMZI;

    private static final JsonNodeFactory JSON_NODES = JsonNodeFactory.instance;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the rights of these users, without a line end. */
    String write(Map<ServiceUser, String> principals) {
        return switch (this) {
            case TABLE -> table(principals).toString();
            case JSON -> OutputFormat.JSON.write(document(principals));
            case YAML -> OutputFormat.YAML.write(document(principals));
            case COMMANDS -> commands(principals);
            case STRIMZI ->
                principals.entrySet().stream()
                        .map(user -> OutputFormat.YAML.write(strimziUser(user.getKey(), user.getValue())))
                        .collect(Collectors.joining("\n---\n"));
        };
    }

    private static Table table(Map<ServiceUser, String> principals) {
        var table =
                new Table(Column.left("USER"), Column.left("RESOURCE"), Column.left("NAME"), Column.left("OPERATIONS"));
        principals.forEach((user, principal) -> AccessRules.of(user)
                .forEach(rule -> table.row(
                        principal,
                        type(rule.resource()),
                        shown(rule.resource()),
                        String.join(", ", operations(rule)))));
        return table;
    }

    /** Returns the name of a resource, with a star after a prefix. Kafka's own tools do not accept the star. */
    static String shown(ResourcePattern resource) {
        return resource.name() + (isPrefix(resource) ? "*" : "");
    }

    static List<String> operations(AccessRule rule) {
        return rule.operations().stream().map(SecurityUtils::operationName).toList();
    }

    /** Returns {@code topic}, {@code group}, {@code cluster} or {@code transactionalId}. */
    static String type(ResourcePattern resource) {
        String name = SecurityUtils.resourceTypeName(resource.resourceType());
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static boolean isPrefix(ResourcePattern resource) {
        return resource.patternType() == PatternType.PREFIXED;
    }

    private static ArrayNode document(Map<ServiceUser, String> principals) {
        var users = JSON_NODES.arrayNode();
        principals.forEach((user, principal) -> {
            var node = users.addObject();
            node.put("user", user.toString());
            node.put("principal", principal);
            node.put("purpose", user.purpose());
            node.set("acls", acls(user));
        });
        return users;
    }

    /** Returns the rights of a user in Strimzi's format. */
    private static ArrayNode acls(ServiceUser user) {
        var acls = JSON_NODES.arrayNode();
        for (AccessRule rule : AccessRules.of(user)) {
            var acl = acls.addObject();
            var resource = acl.putObject("resource");
            resource.put("type", type(rule.resource()));
            if (rule.resource().resourceType() != ResourceType.CLUSTER) {
                resource.put("name", rule.resource().name());
                resource.put("patternType", isPrefix(rule.resource()) ? "prefix" : "literal");
            }
            var operations = acl.putArray("operations");
            operations(rule).forEach(operations::add);
        }
        return acls;
    }

    private static ObjectNode strimziUser(ServiceUser user, String principal) {
        var node = JSON_NODES.objectNode();
        node.put("apiVersion", "kafka.strimzi.io/v1");
        node.put("kind", "KafkaUser");
        node.putObject("metadata").put("name", PrincipalOptions.name(principal));
        node.putObject("spec").putObject("authorization").put("type", "simple").set("acls", acls(user));
        return node;
    }

    private static String commands(Map<ServiceUser, String> principals) {
        return principals.entrySet().stream()
                .flatMap(user -> AccessRules.of(user.getKey()).stream().map(rule -> command(user.getValue(), rule)))
                .collect(Collectors.joining("\n"));
    }

    private static String command(String principal, AccessRule rule) {
        String option = switch (rule.resource().resourceType()) {
            case TOPIC -> "--topic " + rule.resource().name();
            case GROUP -> "--group " + rule.resource().name();
            case TRANSACTIONAL_ID -> "--transactional-id " + rule.resource().name();
            case CLUSTER -> "--cluster";
            default -> throw new IllegalStateException("no rule is about a " + rule.resource());
        };
        return "kafka-acls.sh --bootstrap-server \"$KAFKA\" --command-config \"$KAFKA_CONFIG\" --add --allow-principal '%s' %s %s%s"
                .formatted(
                        principal.replace("'", "'\\''"),
                        operations(rule).stream()
                                .map(operation -> "--operation " + operation)
                                .collect(Collectors.joining(" ")),
                        option,
                        isPrefix(rule.resource()) ? " --resource-pattern-type prefixed" : "");
    }
}
