package io.gpuctl.cli;

import io.gpuctl.cli.client.KnownIds;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a completion script for bash, zsh or fish, generated from the current commands. */
@Command(
        name = "completion",
        description = {
            "Prints a completion script for bash, zsh or fish. The script completes the values of options, and asks the cluster for ids.",
            "Use it with: source <(gpuctl completion bash), in fish: gpuctl completion fish | source"
        },
        subcommands = KnownIds.class)
final class CompletionCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    /** Bash and zsh share one script: under zsh, the script turns on zsh's emulation of bash completion. */
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
