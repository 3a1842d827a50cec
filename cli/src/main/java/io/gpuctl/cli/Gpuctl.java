package io.gpuctl.cli;

import io.gpuctl.cli.output.OutputFailedException;
import io.gpuctl.cli.output.StandardOutput;
import io.gpuctl.cli.settings.Settings;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.units.PlainText;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
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
        versionProvider = VersionProvider.class)
public final class Gpuctl extends CommandGroup {

    private static final char UNREADABLE = '\ufffd';

    public static void main(String[] args) {
        Logging.warningsToStderr();
        System.exit(run(commandLine(System.getenv(), args).setOut(new StandardOutput().writer()), args));
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

    /** Returns the command line of {@code gpuctl}, with all commands and these environment variables. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return commandLine(environment, Commands.all());
    }

    /**
     * Returns a command line that treats these arguments exactly as the one with all commands does, and is built
     * faster.
     */
    static CommandLine commandLine(Map<String, String> environment, String... args) {
        return commandLine(environment, Commands.neededFor(args));
    }

    private static CommandLine commandLine(Map<String, String> environment, List<?> commands) {
        var commandLine = new CommandLine(new Gpuctl());
        commands.forEach(commandLine::addSubcommand);
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
