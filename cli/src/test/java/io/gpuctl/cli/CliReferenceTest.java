package io.gpuctl.cli;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** docs/reference-cli.md shows every command, parameter and option. */
class CliReferenceTest {

    private static final String WRITE = "./mvnw -pl cli -am test -Dtest=CliReferenceTest -Dreference.write=true";

    /** The options that every command has. */
    private static final List<String> STANDARD = List.of("--help", "--version");

    @Test
    void thePageShowsEveryCommand() throws Exception {
        var page = new StringBuilder("""
                # The commands

                Generated from the program: do not edit; regenerate it with

                ```
                %s
                ```

                Every command has `--help`, and ends with 0 (success), 1 (failure; stderr says why), 2 (the command line is wrong; stderr says where) or
                141 (the reader closed the output) unless its section says otherwise. The policies, which `--help` lists with their weights below the
                options, are in [policies.md](policies.md).
                """.formatted(WRITE));
        commands(Gpuctl.commandLine())
                .filter(command -> !(command.getCommandSpec().userObject() instanceof CommandLine.HelpCommand))
                .forEach(command -> page.append(section(command)));

        ReferencePage.assertShows("reference-cli.md", page.toString(), WRITE);
    }

    private static Stream<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream()
                        .filter(CliReferenceTest::isShown)
                        .flatMap(CliReferenceTest::commands));
    }

    private static boolean isShown(CommandLine command) {
        return !command.getCommandSpec().usageMessage().hidden();
    }

    private static String section(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String description = Stream.of(spec.usageMessage().description())
                .map(line -> ReferencePage.escaped(line.formatted()))
                .collect(Collectors.joining("\n"));
        return "\n## %s\n\n%s\n".formatted(spec.qualifiedName(), description)
                + subcommands(spec)
                + exitCodes(spec)
                + arguments(spec);
    }

    private static String subcommands(CommandSpec spec) {
        String names = spec.subcommands().values().stream()
                .filter(CliReferenceTest::isShown)
                .map(command -> "`" + command.getCommandName() + "`")
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "\nCommands: %s.\n".formatted(names);
    }

    private static String exitCodes(CommandSpec spec) {
        var codes = spec.usageMessage().exitCodeList();
        return codes.equals(spec.root().usageMessage().exitCodeList())
                ? ""
                : codes.entrySet().stream()
                        .map(code -> "- exit code %s: %s\n".formatted(code.getKey(), code.getValue()))
                        .collect(Collectors.joining("", "\n", ""));
    }

    private static String arguments(CommandSpec spec) {
        String rows = Stream.concat(
                        spec.positionalParameters().stream()
                                .filter(parameter -> !parameter.hidden())
                                .map(parameter -> row(parameter, "`" + parameter.paramLabel() + "`")),
                        spec.options().stream()
                                .filter(option -> !option.hidden() && !STANDARD.contains(option.longestName()))
                                .sorted(Comparator.comparing(OptionSpec::longestName))
                                .map(option -> row(option, names(option))))
                .collect(Collectors.joining());
        return rows.isEmpty() ? "" : "\n| argument | |\n|---|---|\n" + rows;
    }

    private static String names(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        return Stream.of(option.names()).map(name -> "`" + name + value + "`").collect(Collectors.joining(", "));
    }

    private static String row(ArgSpec argument, String names) {
        // picocli regards each option of an exclusive group as required.
        String needed = argument.required() && argument.group() == null ? "Required. " : "";
        return "| %s | %s |\n"
                .formatted(
                        names.replace("|", "\\|"),
                        needed
                                + ReferencePage.cell(String.join("\n", argument.description())
                                        .formatted()));
    }
}
