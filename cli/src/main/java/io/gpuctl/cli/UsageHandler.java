package io.gpuctl.cli;

import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.settings.Settings;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Prints what is wrong with a command line, and how to get help. The whole help would push the error off the screen.
 */
final class UsageHandler implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine commandLine = failure.getCommandLine();
        var err = commandLine.getErr();
        String message = String.valueOf(failure.getMessage());
        String explained = Settings.of(commandLine)
                .map(settings -> settings.explained(message))
                .orElse(message);
        err.println(FailureHandler.PREFIX + Printable.lines(explained));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try: " + commandLine.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return ExitCode.USAGE;
    }
}
