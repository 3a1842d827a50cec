package io.gpuctl.cli;

import io.gpuctl.cli.client.KnownIds;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a completion script for bash and zsh, made from the commands as they are. */
@Command(
        name = "completion",
        description = {
            "Prints a completion script for bash or zsh. It knows the words of options, and asks the cluster for ids.",
            "Use it with: source <(gpuctl completion bash)"
        },
        subcommands = KnownIds.class)
final class CompletionCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    /** One script serves both: under zsh it turns on bash's way of completing. */
    enum Shell {
        bash,
        zsh
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "SHELL",
            defaultValue = "bash",
            description = "${COMPLETION-CANDIDATES}; one script serves both (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // picocli checks it, and there is nothing to choose.
    private Shell shell;

    @Override
    public void run() {
        var root = spec.root();
        var out = spec.commandLine().getOut();
        out.print(KnownIds.askedBy(AutoComplete.bash(root.name(), root.commandLine())));
        out.print('\n');
        out.flush();
    }
}
