package io.gpuctl.events.kafka.access;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePatternFilter;

/**
 * How the rights of gpuctl's users on a cluster differ from {@link AccessRules}. Rules for all users ({@code User:*})
 * are ignored.
 *
 * @param missing rights that a user needs and does not have
 * @param extra rights, or denials, that a user has and does not need
 */
public record AccessDifference(List<AclBinding> missing, List<AclBinding> extra) {
    private static final Comparator<AclBinding> ORDER = Comparator.comparing(
                    (AclBinding binding) -> binding.entry().principal())
            .thenComparing(binding -> binding.pattern().resourceType())
            .thenComparing(binding -> binding.pattern().name())
            .thenComparing(binding -> binding.entry().operation());

    /**
     * Reads the differences from a cluster. Users may share a principal, which then needs the rights of all of them.
     *
     * @throws ExecutionException with a {@link org.apache.kafka.common.errors.SecurityDisabledException} if the cluster
     *     has no authorizer, with an {@link org.apache.kafka.common.errors.AuthorizationException} if this user may not
     *     see rights
     */
    public static AccessDifference of(Admin admin, Map<ServiceUser, String> principals)
            throws ExecutionException, InterruptedException {
        Set<AclBinding> wanted = new LinkedHashSet<>();
        principals.forEach((user, principal) -> wanted.addAll(AccessRules.bindings(user, principal)));
        Set<AclBinding> found = new LinkedHashSet<>();
        for (String principal : new LinkedHashSet<>(principals.values())) {
            found.addAll(admin.describeAcls(ofPrincipal(principal)).values().get());
        }
        return new AccessDifference(without(wanted, found), without(found, wanted));
    }

    private static AclBindingFilter ofPrincipal(String principal) {
        return new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(principal, null, AclOperation.ANY, AclPermissionType.ANY));
    }

    private static List<AclBinding> without(Collection<AclBinding> all, Set<AclBinding> these) {
        return all.stream()
                .filter(binding -> !these.contains(binding))
                .sorted(ORDER)
                .toList();
    }

    /** Gives the users the rights that are missing. */
    public void addMissing(Admin admin) throws ExecutionException, InterruptedException {
        admin.createAcls(missing).all().get();
    }

    /** Removes the rights that the users do not need. */
    public void removeExtra(Admin admin) throws ExecutionException, InterruptedException {
        admin.deleteAcls(extra.stream().map(AclBinding::toFilter).toList())
                .all()
                .get();
    }
}
