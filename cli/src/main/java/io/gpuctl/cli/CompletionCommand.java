package io.gpuctl.cli;

import io.gpuctl.cli.client.KnownIds;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a completion script for bash, zsh or fish, made from the commands as they are. */
@Command(
        name = "completion",
        description = {
            "Prints a completion script for bash, zsh or fish. It knows the words of options, and asks the cluster for ids.",
            "Use it with: source <(gpuctl completion bash), in fish: gpuctl completion fish | source"
        },
        subcommands = KnownIds.class)
final class CompletionCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    /** One script serves bash and zsh: under zsh it turns on bash's way of completing. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "SHELL",
            defaultValue = "bash",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Shell shell = Shell.bash;

    @Override
    public void run() {
        var root = spec.root();
        var out = spec.commandLine().getOut();
        out.print(
                switch (shell) {
                    case bash, zsh -> KnownIds.askedBy(AutoComplete.bash(root.name(), root.commandLine()));
                    case fish -> FishCompletion.of(root.commandLine());
                });
        out.print('\n');
        out.flush();
    }
}
