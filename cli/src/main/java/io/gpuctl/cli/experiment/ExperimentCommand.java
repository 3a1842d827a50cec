package io.gpuctl.cli.experiment;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** The group of commands on experiment files. */
@Command(
        name = "experiment",
        description = "Compares policies in virtual time, as fast as the CPU allows.",
        subcommands = ExperimentRunCommand.class)
public final class ExperimentCommand extends CommandGroup {}
