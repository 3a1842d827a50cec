package io.gpuctl.events.kafka.access;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The operations that a user may do on a resource, or on all resources with a common prefix.
 *
 * @param resource its type, its name, and whether the name is a prefix
 * @param operations the allowed operations; Kafka itself derives {@code DESCRIBE} from {@code READ} and {@code WRITE}
 */
public record AccessRule(ResourcePattern resource, SortedSet<AclOperation> operations) {
    private static final String ANY_HOST = "*";

    public AccessRule {
        operations = Collections.unmodifiableSortedSet(new TreeSet<>(operations));
    }

    static AccessRule literal(ResourceType type, String name, Collection<AclOperation> operations) {
        return new AccessRule(new ResourcePattern(type, name, PatternType.LITERAL), new TreeSet<>(operations));
    }

    static AccessRule prefix(ResourceType type, String name, AclOperation... operations) {
        return new AccessRule(
                new ResourcePattern(type, name, PatternType.PREFIXED), new TreeSet<>(List.of(operations)));
    }

    static AccessRule onCluster(AclOperation... operations) {
        return literal(ResourceType.CLUSTER, Resource.CLUSTER_NAME, EnumSet.copyOf(List.of(operations)));
    }

    /** Returns the rule for a user, as Kafka's authorizer stores it: one entry for each operation, from any host. */
    List<AclBinding> bindings(String principal) {
        return operations.stream()
                .map(operation -> new AclBinding(
                        resource, new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW)))
                .toList();
    }
}
