package io.gpuctl.cli.bench;

import io.gpuctl.cli.CommandGroup;
import picocli.CommandLine.Command;

/** The group of end-to-end benchmarks. */
@Command(name = "bench", description = "Measures a running cluster from outside.", subcommands = LatencyCommand.class)
public final class BenchCommand extends CommandGroup {}
