package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Compares the command line that is built for given arguments with the one that has all commands. */
class CommandsTest {

    private static Stream<String> commands() {
        return Gpuctl.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsTheSameAsAmongAllCommands(String name) {
        assertThat(usages(Gpuctl.commandLine(Map.of(), name).getSubcommands().get(name)))
                .isEqualTo(usages(Gpuctl.commandLine(Map.of()).getSubcommands().get(name)));
    }

    private static List<String> usages(CommandLine command) {
        return Stream.concat(
                        Stream.of(command.getUsageMessage()),
                        command.getSubcommands().values().stream().flatMap(sub -> usages(sub).stream()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--help",
                "-h",
                "--version",
                "-hV",
                "help",
                "help get",
                "help gte",
                "gte",
                "--hlep",
                "get",
                "get nods",
                "get --help",
                "get nodes --help",
                "bench",
                "run",
                "run api --prot 1",
                "config show up",
                "completion ids",
                "completion csh",
                "cordon",
                "submit --gpus x",
                "--server x get nodes"
            })
    void argumentsAreTreatedTheSame(String line) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");

        assertThat(run(Gpuctl.commandLine(Map.of(), args), args)).isEqualTo(run(Gpuctl.commandLine(Map.of()), args));
    }

    private static CommandRun run(CommandLine commandLine, String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = commandLine
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
