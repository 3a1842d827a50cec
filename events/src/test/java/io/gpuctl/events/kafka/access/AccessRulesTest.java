package io.gpuctl.events.kafka.access;

import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessRulesTest {
    private static final Path PAGE = Path.of("../docs/security.md");

    @Test
    void everyTopicHasOneWriterButThoseThatDecideNothing() {
        for (Topic<?> topic : Topics.ALL) {
            boolean isEverybodys = topic.equals(Topics.DEAD_LETTERS) || topic.equals(Topics.BROKER_CLOCK);
            assertThat(usersWho(WRITE, topic.name())).as(topic.name()).hasSize(isEverybodys ? 3 : 1);
        }
        assertThat(usersWho(WRITE, "gpuctl-orchestrator-")).containsExactly(ServiceUser.ORCHESTRATOR);
        assertThat(usersWho(WRITE, "gpuctl-views-")).containsExactly(ServiceUser.API);
    }

    /** Placements hold the tokens with which a report proves its sender. */
    @Test
    void onlyNodesAndAuditorsReadPlacements() {
        assertThat(usersWho(READ, Topics.PLACEMENTS.name())).containsExactly(ServiceUser.NODES, ServiceUser.AUDITOR);
    }

    @ParameterizedTest
    @EnumSource
    void noRuleGivesAllRightsOrTheRightToDelete(ServiceUser user) {
        assertThat(AccessRules.of(user))
                .flatExtracting(AccessRule::operations)
                .doesNotContain(AclOperation.ALL, AclOperation.DELETE, AclOperation.ALTER, AclOperation.CLUSTER_ACTION);
    }

    @ParameterizedTest
    @EnumSource
    void eachResourceHasOneRule(ServiceUser user) {
        assertThat(AccessRules.of(user)).extracting(AccessRule::resource).doesNotHaveDuplicates();
        assertThat(AccessRules.bindings(user, "User:somebody"))
                .doesNotHaveDuplicates()
                .allMatch(binding -> binding.entry().principal().equals("User:somebody"));
    }

    /** The documentation must match the rules. */
    @Test
    void theDocumentationShowsTheTable() throws IOException {
        assertThat(Files.readString(PAGE))
                .as("docs/security.md must have this table:%n%s", table())
                .contains(table());
    }

    /** The API's settings repeat the name. */
    @Test
    void theApiMaySeeTheGroupOfItsFollowerOfFacts() throws IOException {
        assertThat(Files.readString(Path.of("../api/src/main/resources/META-INF/microprofile-config.properties")))
                .contains("mp.messaging.incoming.cluster-events.group.id=%s\n".formatted(Topics.FACT_FOLLOWERS));
        assertThat(usersWho(DESCRIBE, Topics.FACT_FOLLOWERS)).containsExactly(ServiceUser.API);
    }

    private static List<ServiceUser> usersWho(AclOperation operation, String resource) {
        return Arrays.stream(ServiceUser.values())
                .filter(user -> AccessRules.of(user).stream()
                        .anyMatch(rule -> rule.resource().name().equals(resource)
                                && rule.operations().contains(operation)))
                .toList();
    }

    private static String table() {
        List<String> lines = new ArrayList<>();
        lines.add("| user | writes | reads | group | transactions | creates | configures |");
        lines.add("|---|---|---|---|---|---|---|");
        for (ServiceUser user : ServiceUser.values()) {
            lines.add("| `%s` | %s | %s | %s | %s | %s | %s |"
                    .formatted(
                            user,
                            names(user, ResourceType.TOPIC, WRITE),
                            names(user, ResourceType.TOPIC, READ),
                            groups(user),
                            names(user, ResourceType.TRANSACTIONAL_ID, WRITE),
                            names(user, ResourceType.TOPIC, CREATE),
                            names(user, ResourceType.TOPIC, ALTER_CONFIGS)));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String groups(ServiceUser user) {
        String joined = names(user, ResourceType.GROUP, READ);
        String seen = names(
                user,
                rule -> rule.resource().resourceType() == ResourceType.GROUP
                        && rule.operations().contains(DESCRIBE)
                        && !rule.operations().contains(READ));
        return String.join(
                "; ",
                List.of(joined, seen.isEmpty() ? "" : "sees " + seen).stream()
                        .filter(text -> !text.isEmpty())
                        .toList());
    }

    private static String names(ServiceUser user, ResourceType type, AclOperation operation) {
        long topics = AccessRules.of(user).stream()
                .filter(rule -> rule.resource().resourceType() == type
                        && rule.operations().contains(operation)
                        && rule.resource().patternType() == PatternType.LITERAL)
                .count();
        boolean isAll = topics == Topics.ALL.size();
        String names = names(
                user,
                rule -> rule.resource().resourceType() == type
                        && rule.operations().contains(operation)
                        && !(isAll && rule.resource().patternType() == PatternType.LITERAL));
        return isAll ? "all topics" + (names.isEmpty() ? "" : ", " + names) : names;
    }

    private static String names(ServiceUser user, Predicate<AccessRule> filter) {
        return AccessRules.of(user).stream()
                .filter(filter)
                .map(rule -> "`%s%s`"
                        .formatted(
                                rule.resource().name(),
                                rule.resource().patternType() == PatternType.PREFIXED ? "*" : ""))
                .collect(Collectors.joining(", "));
    }
}
