package io.gpuctl.cli.log;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** The group of commands about a cluster's log. */
@Command(
        name = "log",
        description = "Exports a cluster's log to files, imports it, repairs it, and converts it to metrics.",
        subcommands = {ExportCommand.class, ImportCommand.class, RepairCommand.class, MetricsCommand.class})
public final class LogCommand extends CommandGroup {}
