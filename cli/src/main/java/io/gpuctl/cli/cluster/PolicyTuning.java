package io.gpuctl.cli.cluster;

import io.gpuctl.events.InvalidFieldException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The parameters of a policy besides its name: a mixin. */
public final class PolicyTuning {
    @Option(
            names = "--weights",
            paramLabel = "KEY=NUMBER",
            split = ",",
            description =
                    "Weights of the policy, for example temperature=2,power=0.5; the others keep their defaults, see below.")
    private Map<String, Double> weights = new LinkedHashMap<>();

    @Option(
            names = "--policy-seed",
            paramLabel = "NUMBER",
            defaultValue = "42",
            description =
                    "Seed for policies that draw random numbers, and for shuffle_nodes=1 (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    /** Returns the exception for weights that the policy does not support. */
    public static ParameterException unusable(CommandLine command, InvalidFieldException problem) {
        String weight = problem.field().replaceFirst("policy\\.weights\\.?", "");
        return new ParameterException(
                command,
                weight.isEmpty()
                        ? "Invalid value for option '--weights': there is no weight %s in this policy, but %s"
                                .formatted(problem.value(), problem.allowed())
                        : "Invalid value for option '--weights': %s is %s, but must be %s"
                                .formatted(weight, problem.value(), problem.allowed()));
    }

    /** Returns the weights that were given. */
    public Map<String, Double> weights() {
        return weights;
    }

    public long seed() {
        return seed;
    }
}
