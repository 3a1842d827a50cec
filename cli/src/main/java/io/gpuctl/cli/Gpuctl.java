package io.gpuctl.cli;

import io.gpuctl.cli.admin.KafkaCommand;
import io.gpuctl.cli.admin.TopicsCommand;
import io.gpuctl.cli.bench.BenchCommand;
import io.gpuctl.cli.chaos.ChaosCommand;
import io.gpuctl.cli.client.CancelCommand;
import io.gpuctl.cli.client.DescribeCommand;
import io.gpuctl.cli.client.FaultCommand;
import io.gpuctl.cli.client.GetCommand;
import io.gpuctl.cli.client.NodeServiceCommand;
import io.gpuctl.cli.client.SubmitCommand;
import io.gpuctl.cli.client.TopCommand;
import io.gpuctl.cli.client.WaitCommand;
import io.gpuctl.cli.cluster.RunCommand;
import io.gpuctl.cli.cluster.UpCommand;
import io.gpuctl.cli.experiment.ExperimentCommand;
import io.gpuctl.cli.gpus.GpusCommand;
import io.gpuctl.cli.log.LogCommand;
import io.gpuctl.cli.output.OutputFailedException;
import io.gpuctl.cli.output.StandardOutput;
import io.gpuctl.cli.replay.ReplayCommand;
import io.gpuctl.cli.settings.ConfigCommand;
import io.gpuctl.cli.settings.Settings;
import io.gpuctl.cli.trace.TraceCommand;
import io.gpuctl.cli.verify.VerifyCommand;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.units.PlainText;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * The entry point of {@code gpuctl}.
 *
 * <p>{@code main} runs picocli and nothing more. Quarkus takes about two seconds to start, so only the commands that
 * serve REST ({@code up}, {@code run api}) boot Quarkus, with {@code Quarkus.run}.
 */
@QuarkusMain
@Command(
        name = "gpuctl",
        description = "Runs and talks to a GPU cluster orchestrator.",
        versionProvider = VersionProvider.class,
        subcommands = {
            UpCommand.class,
            RunCommand.class,
            ConfigCommand.class,
            SubmitCommand.class,
            GetCommand.class,
            DescribeCommand.class,
            TopCommand.class,
            WaitCommand.class,
            CancelCommand.class,
            NodeServiceCommand.Cordon.class,
            NodeServiceCommand.Drain.class,
            NodeServiceCommand.Uncordon.class,
            FaultCommand.class,
            VerifyCommand.class,
            ChaosCommand.class,
            LogCommand.class,
            TopicsCommand.class,
            KafkaCommand.class,
            ReplayCommand.class,
            BenchCommand.class,
            ExperimentCommand.class,
            TraceCommand.class,
            GpusCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Gpuctl extends CommandGroup {

    private static final char UNREADABLE = '\ufffd';

    public static void main(String[] args) {
        Logging.warningsToStderr();
        System.exit(run(commandLine().setOut(new StandardOutput().writer()), args));
    }

    /** Runs a command line and returns the exit code. */
    static int run(CommandLine commandLine, String... args) {
        try {
            requireReadable(args);
            int code = commandLine.execute(args);
            commandLine.getOut().flush();
            return code;
        } catch (CommandFailedException | NewerLogError | VirtualMachineError e) {
            return FailureHandler.say(e, commandLine.getErr());
        }
    }

    /**
     * Java replaces any character that the locale cannot encode with this one, so two users' names could become the
     * same.
     */
    private static void requireReadable(String... args) {
        for (String arg : args) {
            if (arg.indexOf(UNREADABLE) >= 0) {
                throw new CommandFailedException(
                        "'%s' cannot be read in this locale: use UTF-8, for example with LC_ALL=C.UTF-8"
                                .formatted(PlainText.quoted(arg)));
            }
        }
    }

    static CommandLine commandLine() {
        return commandLine(System.getenv());
    }

    /** Returns the command line of {@code gpuctl} with these environment variables. */
    public static CommandLine commandLine(Map<String, String> environment) {
        var commandLine = new CommandLine(new Gpuctl());
        Settings.apply(commandLine, environment);
        Help.apply(commandLine);
        NumberConverter.register(commandLine);
        return commandLine
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Gpuctl::runLast)
                .setExecutionExceptionHandler(new FailureHandler())
                .setParameterExceptionHandler(new UsageHandler());
    }

    /**
     * Runs the command, or prints its help. Handles failed output here, since picocli would report it as an error of
     * its own.
     */
    private static int runLast(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (OutputFailedException e) {
            return FailureHandler.say(e, parsed.commandSpec().commandLine().getErr());
        }
    }
}
