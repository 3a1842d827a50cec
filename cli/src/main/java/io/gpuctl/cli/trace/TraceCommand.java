package io.gpuctl.cli.trace;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** The group of commands on workload files. */
@Command(
        name = "trace",
        description = "Shows the contents of workload files, and converts them.",
        subcommands = {ConvertCommand.class, InfoCommand.class})
public final class TraceCommand extends CommandGroup {}
