package io.gpuctl.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A command that does nothing but have subcommands. Alone, it is a mistake of the user, which {@link #problem}
 * explains.
 */
public abstract class CommandGroup implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Override
    public final void run() {
        throw new ParameterException(spec.commandLine(), problem());
    }

    /** What the user is told who named no subcommand. */
    protected String problem() {
        return "Missing command";
    }

    /** The names of the subcommands, separated by commas. */
    protected final String names() {
        return String.join(", ", spec.subcommands().keySet());
    }
}
