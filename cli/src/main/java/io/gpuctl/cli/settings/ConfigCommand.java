package io.gpuctl.cli.settings;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** The group of commands about settings. */
@Command(
        name = "config",
        description = "Shows the settings of services: from the environment, from a file, or the program's defaults.",
        subcommands = ConfigShowCommand.class)
public final class ConfigCommand extends CommandGroup {}
