package io.gpuctl.cli.admin;

import io.gpuctl.cli.output.Printable;
import io.gpuctl.events.kafka.access.AccessDifference;
import io.gpuctl.events.kafka.access.ServiceUser;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.utils.SecurityUtils;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints, checks or sets the rights of users on Kafka. */
@Command(
        name = "acls",
        description = {
            "Prints the table of the rights (ACLs) that each user needs on Kafka for its service, and no others. With"
                    + " --check, compares a cluster with the table. With --apply, gives the users the rights that"
                    + " they lack.",
            "The users must exist. --check and --apply need an administrator's user in --kafka-config, and brokers with an"
                    + " authorizer that refuses what no rule allows."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the rights were printed or applied, or the cluster matches the table",
            "1:--check found a difference, or the request to the cluster failed",
            "2:the command was not understood"
        })
final class AclsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Mixin
    private AdminConnection connection = new AdminConnection();

    @Mixin
    private PrincipalOptions names = new PrincipalOptions();

    @ArgGroup
    private Action action = new Action();

    @Option(
            names = "--prune",
            description = "With --apply: also removes every right of these users that is not in the table.")
    private boolean prune;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = {
                "How to print the rights: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default. commands are for Kafka's"
                        + " kafka-acls.sh, strimzi are KafkaUser resources."
            })
    private AclFormat format = AclFormat.TABLE;

    /** The action on the cluster. */
    private static final class Action {
        @Option(names = "--check", description = "Prints how the rights on the cluster differ from the table.")
        private boolean check;

        @Option(names = "--apply", description = "Gives the users the rights that they lack, and prints them.")
        private boolean apply;
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<ServiceUser, String> principals = names.principals();
        if (prune && !action.apply) {
            throw new ParameterException(spec.commandLine(), "--prune requires --apply");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (action.apply) {
            apply(principals, out);
            return 0;
        }
        if (action.check) {
            return check(principals, out);
        }
        out.println(format.write(principals));
        return 0;
    }

    private int check(Map<ServiceUser, String> principals, PrintWriter out) throws InterruptedException {
        AccessDifference difference = connection.ask(admin -> AccessDifference.of(admin, principals));
        print(out, "missing", difference.missing());
        print(out, "not in the table", difference.extra());
        if (difference.missing().isEmpty() && difference.extra().isEmpty()) {
            out.println("Every user has the rights that it needs, and no others.");
            return 0;
        }
        return 1;
    }

    private void apply(Map<ServiceUser, String> principals, PrintWriter out) throws InterruptedException {
        AccessDifference difference = connection.ask(admin -> {
            AccessDifference found = AccessDifference.of(admin, principals);
            found.addMissing(admin);
            if (prune) {
                found.removeExtra(admin);
            }
            return found;
        });
        print(out, "added", difference.missing());
        print(out, prune ? "removed" : "not in the table, kept", difference.extra());
        out.println("%d added, %d %s"
                .formatted(
                        difference.missing().size(),
                        difference.extra().size(),
                        prune
                                ? "removed"
                                : "not in the table" + (difference.extra().isEmpty() ? "" : ": --prune removes them")));
    }

    private static void print(PrintWriter out, String what, List<AclBinding> bindings) {
        for (AclBinding binding : bindings) {
            out.println(Printable.line("%s: %s %s%s on %s %s%s"
                    .formatted(
                            what,
                            binding.entry().principal(),
                            binding.entry().permissionType() == AclPermissionType.DENY ? "may not " : "",
                            SecurityUtils.operationName(binding.entry().operation()),
                            AclFormat.type(binding.pattern()),
                            AclFormat.shown(binding.pattern()),
                            "*".equals(binding.entry().host())
                                    ? ""
                                    : " from " + binding.entry().host())));
        }
    }
}
