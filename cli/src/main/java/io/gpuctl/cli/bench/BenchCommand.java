package io.gpuctl.cli.bench;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** The group of benchmarks. */
@Command(
        name = "bench",
        description = "Measures a running cluster from outside, or clusters of its own; compares two measurements.",
        subcommands = {
            LatencyCommand.class,
            SuiteCommand.class,
            CompareCommand.class,
            JoinCommand.class,
            LongLogCommand.class,
            HopCommand.class
        })
public final class BenchCommand extends CommandGroup {}
