package io.gpuctl.cli.cluster;

import io.gpuctl.cli.Logging;
import io.gpuctl.cli.settings.Settings;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options for the log of a service: a mixin. */
final class LogOptions {

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it.
    private CommandSpec mixee;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = {
                "Format of the messages on stderr and in gpuctl.log: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
                "json: each message is one line of JSON, with its task, attempt, node and pool as fields; stdout has"
                        + " only results."
            })
    private Logging.Format format = Logging.Format.TEXT;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "warn",
            description =
                    "Lowest level that is logged: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). info has a"
                            + " line for each fact that the orchestrator writes.")
    private Logging.Severity level = Logging.Severity.WARN;

    /** Applies the options. Must be called first, so that all later messages have this format. */
    void apply() {
        Logging.configure(format, level);
        for (CommandLine command = mixee.commandLine(); command != null; command = command.getParent()) {
            command.setErr(Logging.messages(command.getErr()));
        }
        var err = mixee.commandLine().getErr();
        Settings.of(mixee.commandLine())
                .ifPresent(settings -> settings.unknownVariables().forEach(err::println));
    }

    /** Returns the writer for the messages that a service is ready, and under which addresses. */
    PrintWriter announcements() {
        CommandLine command = mixee.commandLine();
        return format == Logging.Format.JSON ? command.getErr() : command.getOut();
    }
}
