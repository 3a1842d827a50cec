package io.gpuctl.cli.cluster;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The speed of cluster time: a mixin. */
final class SpeedOption {

    private static final double MIN = 0.001;
    private static final double MAX = 1_000_000;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it.
    private CommandSpec mixee;

    private double speed = 1;

    @Option(
            names = "--speed",
            paramLabel = "X",
            defaultValue = "1",
            description = {
                "Cluster time runs X times as fast as the wall clock (default: ${DEFAULT-VALUE}).",
                "Every process of a cluster needs the same speed."
            })
    void setSpeed(double given) {
        if (!(given >= MIN && given <= MAX)) {
            throw new ParameterException(
                    mixee.commandLine(), "--speed is %s, but must be from %s to 1000000".formatted(given, MIN));
        }
        speed = given;
    }

    double value() {
        return speed;
    }
}
