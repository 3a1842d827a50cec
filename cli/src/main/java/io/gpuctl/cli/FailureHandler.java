package io.gpuctl.cli;

import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What went wrong while a command ran, on stderr: one sentence if it was foreseen, else all that helps to mend it. */
final class FailureHandler implements IExecutionExceptionHandler {

    /** Set it to see where a failure comes from. */
    private static final String DEBUG_VARIABLE = "GPUCTL_DEBUG";

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed)
            throws Exception {
        if (failure instanceof ParameterException usage) {
            return commandLine.getParameterExceptionHandler().handleParseException(usage, new String[0]);
        }
        var err = commandLine.getErr();
        boolean wasForeseen = failure instanceof CommandFailedException;
        err.println("gpuctl: " + (wasForeseen ? failure.getMessage() : failure.toString()));
        if (!wasForeseen || System.getenv(DEBUG_VARIABLE) != null) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCode.SOFTWARE;
    }
}
