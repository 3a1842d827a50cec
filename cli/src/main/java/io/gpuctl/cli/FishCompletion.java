package io.gpuctl.cli;

import io.gpuctl.cli.client.KnownIds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes a completion script for fish, which picocli does not support. The script has the current commands and options,
 * each with the first sentence of its description.
 */
final class FishCompletion {

    private static final String FUNCTIONS = """
            # The command of the line up to the cursor, without options and values.
            function __PROGRAM_command
                set -l path
                for word in (commandline -opc)[2..-1]
                    set -l longer (string join ' ' -- $path $word)
                    if contains -- "$longer" $__PROGRAM_commands
                        set path $longer
                    end
                end
                echo "$path"
            end

            function __PROGRAM_at
                contains -- (__PROGRAM_command) $argv
            end

            # The ids that the cluster knows: the cluster of --server on this line, if there is one.
            function __PROGRAM_ids
                set -l words (commandline -opc)
                set -l program (string replace -r '^~' $HOME -- $words[1])
                type -q $program; or return
                set -l server (string match -r -- '--server[= ]\\S+' "$words" | string replace ' ' =)
                GPUCTL_NO_BUILD=1 $program completion ids $argv[1] (commandline -ct) $server 2>/dev/null
            end

            complete -c PROGRAM -f
            """;

    private final String program;
    private final StringBuilder rules = new StringBuilder();
    private final LinkedHashSet<String> paths = new LinkedHashSet<>();

    private FishCompletion(String program) {
        this.program = program;
    }

    /** Returns the script for all commands below this one. */
    static String of(CommandLine root) {
        var script = new FishCompletion(root.getCommandName());
        script.add(root.getCommandSpec(), List.of(""));
        String commands = script.paths.stream().map(FishCompletion::quoted).collect(Collectors.joining(" "));
        return "set -g __%s_commands %s%n%n".formatted(script.program, commands)
                + FUNCTIONS.replace("PROGRAM", script.program)
                + script.rules;
    }

    /**
     * @param names the names that reach this command, each of one or more words; an empty name for the program itself
     */
    private void add(CommandSpec command, List<String> names) {
        String at = "__%s_at %s"
                .formatted(program, names.stream().map(FishCompletion::quoted).collect(Collectors.joining(" ")));
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                rule(
                        at,
                        Stream.of(option.names()).map(FishCompletion::option).collect(Collectors.joining(" ")),
                        option);
            }
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            rule(at, "", parameter);
        }
        for (CommandLine subcommand : new LinkedHashSet<>(command.subcommands().values())) {
            CommandSpec spec = subcommand.getCommandSpec();
            if (spec.usageMessage().hidden()) {
                continue;
            }
            List<String> reached = new ArrayList<>();
            for (String name : names) {
                spec.names().forEach(word -> reached.add((name + " " + word).strip()));
            }
            paths.addAll(reached);
            String[] description = spec.usageMessage().description();
            rules.append("complete -c %s -n %s -a %s -d %s%n"
                    .formatted(program, quoted(at), spec.name(), quoted(sentence(description))));
            add(spec, reached);
        }
    }

    private void rule(String at, String names, ArgSpec argument) {
        String values = values(argument);
        if (!names.isEmpty() || !values.isEmpty()) {
            rules.append("complete -c %s -n %s %s%s -d %s%n"
                    .formatted(program, quoted(at), names, values, quoted(sentence(argument.description()))));
        }
    }

    /** Returns the part of a rule that completes the value of an option or of a positional parameter. */
    private String values(ArgSpec argument) {
        boolean isOption = argument.isOption();
        if (isOption && argument.arity().max() == 0) {
            return "";
        }
        if (argument.type() == Path.class || argument.auxiliaryTypes()[0] == Path.class) {
            return isOption ? " -rF" : " -F";
        }
        String exclusive = isOption ? " -x" : "";
        return words(argument).map(words -> exclusive + " -a " + quoted(words)).orElse(exclusive);
    }

    private Optional<String> words(ArgSpec argument) {
        if (argument.completionCandidates() == null) {
            return Optional.empty();
        }
        List<String> candidates = StreamSupport.stream(
                        argument.completionCandidates().spliterator(), false)
                .toList();
        return Optional.of(KnownIds.kindOf(candidates)
                .map(kind -> "(__%s_ids %s)".formatted(program, kind))
                .orElseGet(() -> String.join(" ", candidates)));
    }

    private static String option(String name) {
        return name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1);
    }

    private static String sentence(String... description) {
        String text = Arrays.stream(description).findFirst().orElse("");
        int end = text.indexOf(". ");
        String first = end < 0 ? text : text.substring(0, end);
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
