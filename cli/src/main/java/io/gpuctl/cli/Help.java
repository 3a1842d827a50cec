package io.gpuctl.cli;

import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.orchestrator.policy.PolicyDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Lays out the help: commands in groups, and for each command its exit codes. */
final class Help {

    private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();
    private static final int COMMAND_WIDTH = 14;

    private static final String POLICY_OPTION = "--policy";
    private static final String POLICIES_SECTION = "policies";
    private static final int POLICY_WIDTH = 18;

    static {
        GROUPS.put("Run a cluster", List.of("up", "run", "config"));
        GROUPS.put("Use a cluster", List.of("submit", "get", "describe", "wait", "cancel"));
        GROUPS.put("Maintain nodes", List.of("cordon", "drain", "uncordon", "fault"));
        GROUPS.put("Check a cluster", List.of("verify", "bench", "chaos"));
        GROUPS.put("Prepare a Kafka cluster", List.of("topics", "kafka"));
        GROUPS.put("Experiment", List.of("experiment", "trace"));
        GROUPS.put("Record and replay", List.of("log", "replay"));
    }

    private Help() {}

    /** Adds options for help and version to a command and its subcommands, and gives their help this layout. */
    static void apply(CommandLine root) {
        root.setHelpFactory(WordWrappingHelp::new);
        decorate(root);
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> groups(help, root));
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, _ -> "");
    }

    /** A command that declares its own exit codes keeps them. */
    private static void decorate(CommandLine commandLine) {
        CommandSpec spec = commandLine.getCommandSpec();
        if (!(spec.userObject() instanceof CommandLine.HelpCommand) && !spec.mixinStandardHelpOptions()) {
            spec.mixinStandardHelpOptions(true);
        }
        spec.versionProvider(new VersionProvider());
        Map<String, String> exitCodes = new LinkedHashMap<>(spec.usageMessage().exitCodeList());
        if (exitCodes.isEmpty()) {
            exitCodes.putAll(ExitCodes.described());
        }
        if (spec.findOption("--kafka-config") != null) {
            exitCodes.putAll(ExitCodes.describedOfKafka());
        }
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(exitCodes);
        if (spec.findOption(POLICY_OPTION) != null) {
            List<String> sections = new ArrayList<>(commandLine.getHelpSectionKeys());
            sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING), POLICIES_SECTION);
            commandLine.setHelpSectionKeys(sections);
            commandLine.getHelpSectionMap().put(POLICIES_SECTION, Help::policies);
        }
        commandLine.getSubcommands().values().forEach(Help::decorate);
    }

    private static String policies(CommandLine.Help help) {
        return policies(help, "Orders of the queue, for --policy ORDER+PLACEMENT", PolicyDescription.Role.ORDER)
                + policies(help, "Placements", PolicyDescription.Role.PLACEMENT);
    }

    private static String policies(CommandLine.Help help, String heading, PolicyDescription.Role role) {
        var table = new WordTable(
                help.colorScheme(),
                new Column(POLICY_WIDTH, 2, Column.Overflow.SPAN),
                new Column(help.commandSpec().usageMessage().width() - POLICY_WIDTH, 0, Column.Overflow.WRAP));
        for (PolicyDescription policy : Policies.descriptions()) {
            if (policy.role() == role) {
                table.addRowValues(policy.name(), policy.text());
            }
        }
        return "\n" + heading + ":\n" + table;
    }

    private static String groups(CommandLine.Help help, CommandLine root) {
        StringBuilder text = new StringBuilder();
        List<String> others = new ArrayList<>(CommandGroup.visible(root.getCommandSpec()));
        GROUPS.forEach((heading, commands) -> {
            text.append(group(help, root, heading, commands));
            others.removeAll(commands);
        });
        return text.append(group(help, root, "More", others)).toString();
    }

    private static String group(CommandLine.Help help, CommandLine root, String heading, List<String> commands) {
        var table = new WordTable(
                help.colorScheme(),
                new Column(COMMAND_WIDTH, 2, Column.Overflow.SPAN),
                new Column(root.getUsageHelpWidth() - COMMAND_WIDTH, 0, Column.Overflow.WRAP));
        for (String command : commands) {
            var subcommand = Objects.requireNonNull(root.getSubcommands().get(command), command);
            Text text = help.colorScheme()
                    .text(firstLine(subcommand.getCommandSpec().usageMessage()));
            table.addRowValues(help.colorScheme().commandText(command), text);
        }
        return "\n" + heading + ":\n" + table;
    }

    /** The help command of picocli has its first line in the header. */
    private static String firstLine(UsageMessageSpec message) {
        String[] lines = message.header().length > 0 ? message.header() : message.description();
        return lines.length == 0 ? "" : lines[0];
    }
}
