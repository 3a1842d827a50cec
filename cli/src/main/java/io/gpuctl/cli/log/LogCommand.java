package io.gpuctl.cli.log;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** The group of commands about a cluster's log. */
@Command(
        name = "log",
        description = "Writes a cluster's log to files, puts it back, repairs it, and makes metrics of it.",
        subcommands = {ExportCommand.class, ImportCommand.class, RepairCommand.class, MetricsCommand.class})
public final class LogCommand extends CommandGroup {}
