package io.gpuctl.events.kafka.access;

import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.TopicCheck;
import io.gpuctl.events.kafka.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The rights of gpuctl's users on Kafka. Every topic has one writer, except {@code dead-letters} and
 * {@code broker-clock}: no decision depends on them, and all services write them. A user may do what its service does,
 * and nothing else.
 *
 * <p>No rule has {@code IDEMPOTENT_WRITE}: since Kafka 3.0, the right to write any topic includes it. Services may
 * describe all topics and their configurations: each service checks them when it starts.
 */
public final class AccessRules {
    private AccessRules() {}

    /**
     * Returns the rules of a user in a fixed order: topics as declared, changelogs, groups, transactions, the cluster.
     */
    public static List<AccessRule> of(ServiceUser user) {
        return switch (user) {
            case ORCHESTRATOR ->
                new Table()
                        .topics(READ, Topics.TASK_COMMANDS, Topics.TASK_REPORTS, Topics.NODE_EVENTS)
                        .topics(READ, Topics.NODE_CONDITIONS)
                        // Reads its own facts to rebuild lost state.
                        .topics(READ, Topics.CLUSTER_EVENTS)
                        .topics(WRITE, Topics.CLUSTER_EVENTS, Topics.PLACEMENTS)
                        .everyService()
                        .streamsApp(Topics.ORCHESTRATORS)
                        .rules();
            case API ->
                new Table()
                        .topics(WRITE, Topics.TASK_COMMANDS, Topics.FAULT_INJECTIONS, Topics.NODE_CONDITIONS)
                        .topics(READ, Topics.TASK_COMMANDS, Topics.CLUSTER_EVENTS, Topics.GPU_TELEMETRY)
                        .everyService()
                        .streamsApp(Topics.VIEWS)
                        .add(AccessRule.literal(ResourceType.GROUP, Topics.FACT_FOLLOWERS, Set.of(DESCRIBE)))
                        // /health/ready and /metrics report whether there is an orchestrator, and how far it lags
                        // behind.
                        .add(AccessRule.literal(ResourceType.GROUP, Topics.ORCHESTRATORS, Set.of(DESCRIBE)))
                        .rules();
            case NODES ->
                new Table()
                        .topics(WRITE, Topics.TASK_REPORTS, Topics.NODE_EVENTS, Topics.GPU_TELEMETRY)
                        .topics(READ, Topics.PLACEMENTS, Topics.FAULT_INJECTIONS)
                        .everyService()
                        .rules();
            case AUDITOR ->
                new Table()
                        .topics(READ, Topics.ALL)
                        .readsOf(Topics.ORCHESTRATORS)
                        .readsOf(Topics.VIEWS)
                        .rules();
            case DEPLOYER ->
                new Table()
                        .topics(CREATE, Topics.ALL)
                        .topics(ALTER_CONFIGS, Topics.ALL)
                        .topics(DESCRIBE, Topics.ALL)
                        .topics(DESCRIBE_CONFIGS, Topics.ALL)
                        .configuresChangelogs(Topics.ORCHESTRATORS)
                        .configuresChangelogs(Topics.VIEWS)
                        .seesInternalTopics()
                        .add(AccessRule.onCluster(DESCRIBE_CONFIGS))
                        .rules();
        };
    }

    /** Returns the rules of a user as Kafka's authorizer stores them. */
    public static List<AclBinding> bindings(ServiceUser user, String principal) {
        return of(user).stream()
                .flatMap(rule -> rule.bindings(principal).stream())
                .toList();
    }

    /** Returns the prefix of a Streams application's changelogs and transactional ids. */
    private static String prefix(String applicationId) {
        return applicationId + "-";
    }

    private static final class Table {
        private final Map<Topic<?>, Set<AclOperation>> topics = new LinkedHashMap<>();
        private final List<AccessRule> others = new ArrayList<>();

        Table topics(AclOperation operation, Topic<?>... of) {
            return topics(operation, List.of(of));
        }

        Table topics(AclOperation operation, Collection<Topic<?>> of) {
            of.forEach(topic -> topics.computeIfAbsent(topic, _ -> EnumSet.noneOf(AclOperation.class))
                    .add(operation));
            return this;
        }

        Table everyService() {
            return topics(WRITE, Topics.DEAD_LETTERS, Topics.BROKER_CLOCK)
                    .topics(DESCRIBE, Topics.ALL)
                    .topics(DESCRIBE_CONFIGS, Topics.ALL);
        }

        /** Adds what Kafka Streams needs with exactly_once_v2: its changelogs, its group, and its transactions. */
        Table streamsApp(String applicationId) {
            String prefix = prefix(applicationId);
            return add(AccessRule.prefix(ResourceType.TOPIC, prefix, CREATE, READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS))
                    .add(AccessRule.literal(ResourceType.GROUP, applicationId, Set.of(READ, DESCRIBE)))
                    .add(AccessRule.prefix(ResourceType.TRANSACTIONAL_ID, prefix, WRITE, DESCRIBE));
        }

        /**
         * Allows reading an application's stored state, its offsets and its transactions: a consistent copy is taken
         * between two transactions. Kafka does not list transactions that the user may not describe.
         */
        Table readsOf(String applicationId) {
            String prefix = prefix(applicationId);
            return add(AccessRule.prefix(ResourceType.TOPIC, prefix, READ, DESCRIBE))
                    .add(AccessRule.literal(ResourceType.GROUP, applicationId, Set.of(DESCRIBE)))
                    .add(AccessRule.prefix(ResourceType.TRANSACTIONAL_ID, prefix, DESCRIBE));
        }

        Table configuresChangelogs(String applicationId) {
            return add(AccessRule.prefix(
                    ResourceType.TOPIC, prefix(applicationId), DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS));
        }

        /** Allows checking how many copies of committed offsets and of transactions there are. */
        Table seesInternalTopics() {
            TopicCheck.INTERNAL_TOPICS.forEach(
                    name -> add(AccessRule.literal(ResourceType.TOPIC, name, Set.of(DESCRIBE, DESCRIBE_CONFIGS))));
            return this;
        }

        Table add(AccessRule rule) {
            others.add(rule);
            return this;
        }

        List<AccessRule> rules() {
            List<AccessRule> rules = new ArrayList<>();
            for (Topic<?> topic : Topics.ALL) {
                if (topics.containsKey(topic)) {
                    rules.add(AccessRule.literal(ResourceType.TOPIC, topic.name(), topics.get(topic)));
                }
            }
            rules.addAll(others);
            return List.copyOf(rules);
        }
    }
}
