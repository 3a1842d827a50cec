package io.gpuctl.cli;

import io.gpuctl.cli.admin.KafkaCommand;
import io.gpuctl.cli.admin.TopicsCommand;
import io.gpuctl.cli.bench.BenchCommand;
import io.gpuctl.cli.chaos.ChaosCommand;
import io.gpuctl.cli.client.CancelCommand;
import io.gpuctl.cli.client.DescribeCommand;
import io.gpuctl.cli.client.FaultCommand;
import io.gpuctl.cli.client.GetCommand;
import io.gpuctl.cli.client.KnownIds;
import io.gpuctl.cli.client.NodeServiceCommand;
import io.gpuctl.cli.client.SubmitCommand;
import io.gpuctl.cli.client.TopCommand;
import io.gpuctl.cli.client.WaitCommand;
import io.gpuctl.cli.cluster.RunCommand;
import io.gpuctl.cli.cluster.UpCommand;
import io.gpuctl.cli.experiment.ExperimentCommand;
import io.gpuctl.cli.gpus.GpusCommand;
import io.gpuctl.cli.log.LogCommand;
import io.gpuctl.cli.replay.ReplayCommand;
import io.gpuctl.cli.settings.ConfigCommand;
import io.gpuctl.cli.trace.TraceCommand;
import io.gpuctl.cli.verify.VerifyCommand;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands of {@code gpuctl}. picocli reads the annotations of a command and of all its options before the command
 * can run: for all commands that takes two thirds of the time of a short command. So only the needed commands are given
 * to picocli.
 */
final class Commands {
    /** In the order of the help. */
    private static final List<Class<?>> ALL = List.of(
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
            RehearseCommand.class,
            CommandLine.HelpCommand.class);

    /** The commands with settings, which know one another's names of settings; see {@code Settings}. */
    private static final Set<Class<?>> WITH_SETTINGS = Set.of(UpCommand.class, RunCommand.class, ConfigCommand.class);

    /** The commands that write about all commands. */
    private static final Set<Class<?>> ABOUT_ALL = Set.of(CompletionCommand.class, CommandLine.HelpCommand.class);

    private static final Set<String> HELP_OR_VERSION = Set.of("-h", "--help", "-V", "--version");

    private Commands() {}

    static List<?> all() {
        return ALL;
    }

    /**
     * Returns the commands with which picocli treats these arguments exactly as with all, for {@code addSubcommand}.
     */
    static List<?> neededFor(String... args) {
        if (args.length == 0 || (args.length == 1 && HELP_OR_VERSION.contains(args[0]))) {
            return ALL.stream().map(Commands::named).toList();
        }
        return ALL.stream()
                .filter(command -> annotation(command).name().equals(args[0]))
                .findFirst()
                .<List<?>>map(command -> needed(command, args))
                .orElse(ALL);
    }

    private static List<?> needed(Class<?> command, String... args) {
        if (WITH_SETTINGS.contains(command)) {
            return ALL.stream().filter(WITH_SETTINGS::contains).toList();
        }
        boolean isOfIds = command == CompletionCommand.class
                && args.length > 1
                && args[1].equals(annotation(KnownIds.class).name());
        return ABOUT_ALL.contains(command) && !isOfIds ? ALL : List.of(command);
    }

    /** Returns a command without options and subcommands: all that the list of commands shows. */
    private static CommandSpec named(Class<?> command) {
        Command annotation = annotation(command);
        CommandSpec spec = CommandSpec.create().name(annotation.name());
        spec.usageMessage()
                .header(annotation.header())
                .description(annotation.description())
                .hidden(annotation.hidden());
        return spec;
    }

    private static Command annotation(Class<?> command) {
        return Objects.requireNonNull(command.getAnnotation(Command.class), command.getName());
    }
}
