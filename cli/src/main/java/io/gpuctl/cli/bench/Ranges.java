package io.gpuctl.cli.bench;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks the numbers of options. */
final class Ranges {
    private Ranges() {}

    static void require(CommandSpec spec, String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(), "%s is %d, but must be from %d to %d".formatted(option, value, min, max));
        }
    }
}
