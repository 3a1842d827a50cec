package io.gpuctl.cli.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a policy can be told besides its name: a mixin. */
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

    /** Those that were given. */
    public Map<String, Double> weights() {
        return weights;
    }

    public long seed() {
        return seed;
    }
}
