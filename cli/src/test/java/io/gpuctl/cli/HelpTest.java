package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.orchestrator.policy.Policies;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {

    private static Stream<CommandLine> commands() {
        return withSubcommands(Gpuctl.commandLine());
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::withSubcommands));
    }

    @Test
    void listsCommandsInGroups() {
        assertThat(Gpuctl.commandLine().getUsageMessage())
                .containsSubsequence("Run a cluster:", "up", "run", "Use a cluster:", "submit", "More:", "completion");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandTellsItsExitCodes(CommandLine command) {
        assertThat(command.getUsageMessage()).contains("Exit codes:", "0 ", "1 ", "2 ");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandAndOptionIsDescribed(CommandLine command) {
        assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
        assertThat(command.getCommandSpec().options())
                .allSatisfy(option -> assertThat(option.description()).isNotEmpty());
    }

    @Test
    void listsThePolicies() {
        String help = Gpuctl.commandLine().getSubcommands().get("up").getUsageMessage();

        assertThat(help).contains("USENIX ATC 2023", "hot_margin_celsius=5", "shuffle_nodes=0");
        assertThat(Policies.names()).allSatisfy(name -> assertThat(help).containsPattern("\n  " + name + " +\\S"));
    }

    @Test
    void aPolicyThatDoesNotExistIsAnsweredWithThoseThatDo() {
        var err = new StringWriter();

        int exitCode = Gpuctl.commandLine().setErr(new PrintWriter(err)).execute("up", "--policy", "fifo+lifo");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("--policy", "fifo+lifo", "one of arrival, best-fit");
    }

    @Test
    void linesEndBetweenWords() {
        String help = Gpuctl.commandLine().getSubcommands().get("up").getUsageMessage();

        assertThat(help).contains("~/.gpuctl/kafka-client.properties", "localhost:8080/scheduler/run");
        assertThat(help.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void completionKnowsTheWordsOfOptions() {
        assertThat(CommandRun.local("completion").out())
                .contains("backing_off", "training_large", "thermal_shutdown", "degraded", "high");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionKnowsTheCommands(String shell) {
        var run = CommandRun.local("completion", shell);

        assertThat(run.out()).contains("describe", "--gpus-per-node", "bashcompinit");
    }
}
