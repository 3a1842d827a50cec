package io.gpuctl.deploy;

import io.gpuctl.cli.Gpuctl;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.orchestrator.policy.PolicyDescription;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes a manual page for each command in AsciiDoc, which the build converts to the format of {@code man}. */
public final class ManPages {
    /** The label of an option's value, if it contains brackets. */
    private static final Pattern LABEL = Pattern.compile("=_[^_\\s]*\\[[^_\\s]*_");

    private ManPages() {}

    /**
     * Writes all manual pages.
     *
     * @param arguments the folder to write to
     */
    public static void main(String[] arguments) throws IOException {
        List<CommandSpec> commands = new ArrayList<>();
        addShown(Gpuctl.commandLine(Map.of()), commands);
        int exitCode = ManPageGenerator.generateManPage(
                new File(arguments[0]), null, new boolean[0], true, commands.toArray(CommandSpec[]::new));
        if (exitCode != 0) {
            throw new IOException("The manual pages could not be written to " + arguments[0]);
        }
        try (Stream<Path> pages = Files.list(Path.of(arguments[0]))) {
            for (Path page : pages.filter(Files::isRegularFile).toList()) {
                Files.writeString(page, withPlainBrackets(Files.readString(page)));
            }
        }
    }

    /** Replaces the brackets in {@code _HOST[:PORT]_}: AsciiDoc would take them for attributes, and lose words. */
    static String withPlainBrackets(String page) {
        return LABEL.matcher(page)
                .replaceAll(label -> Matcher.quoteReplacement(
                        label.group().replace("[", "{startsb}").replace("]", "{endsb}")));
    }

    private static void addPolicies(CommandSpec spec) {
        if (spec.findOption("--policy") == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        for (PolicyDescription policy : Policies.descriptions()) {
            lines.add("*%s* (%s)::"
                    .formatted(policy.name(), policy.role() == PolicyDescription.Role.ORDER ? "order" : "placement"));
            lines.add("  " + policy.text());
        }
        spec.usageMessage().footerHeading("Policies%n").footer(lines.toArray(String[]::new));
    }

    private static void addShown(CommandLine command, List<CommandSpec> commands) {
        CommandSpec spec = command.getCommandSpec();
        if (!spec.usageMessage().hidden()) {
            spec.usageMessage().exitCodeListHeading("Exit status%n");
            addPolicies(spec);
            commands.add(spec);
            // The map lists a command once for each of its names.
            new LinkedHashSet<>(command.getSubcommands().values()).forEach(below -> addShown(below, commands));
        }
    }
}
