package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The policy of a pool.
 *
 * @param name the policy's published name, for example {@code fifo}; or two names joined by a plus, the first for the
 *     order of the queue and the second for the choice of nodes, for example {@code fifo+intelligent}
 * @param weights the policy's parameters; absent parameters have the policy's default
 * @param seed for policies that draw random numbers, and for a random order of the nodes
 * @param targetWorkload the expected tasks, for policies that look ahead; empty for the policy's default
 */
public record PolicySpec(
        String name,
        Map<String, Double> weights,
        long seed,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) TargetWorkload targetWorkload) {
    private static final int NAME_LENGTH_MAX = 128;
    private static final int WEIGHTS_MAX = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(\\+[A-Za-z0-9][A-Za-z0-9._-]*)?");

    @SuppressWarnings("NullAway") // Jackson passes null for an absent field
    public PolicySpec {
        requireName(name);
        weights = Collections.unmodifiableMap(new TreeMap<>(Check.present("policy.weights", weights)));
        Check.inRange("policy.weights", weights.size(), 0, WEIGHTS_MAX);
        weights.keySet().forEach(weight -> Check.maxLength("policy.weights", weight, NAME_LENGTH_MAX));
        targetWorkload = TargetWorkload.orEmpty(targetWorkload);
    }

    public PolicySpec(String name, Map<String, Double> weights, long seed) {
        this(name, weights, seed, TargetWorkload.EMPTY);
    }

    private static void requireName(String name) {
        String given = Check.maxLength("policy.name", name, NAME_LENGTH_MAX);
        if (!NAME.matcher(given).matches()) {
            throw new InvalidFieldException(
                    "policy.name",
                    "'" + given + "'",
                    "letters, digits, dots, underscores or hyphens that begin with a letter or digit,"
                            + " or two such names with a plus between them");
        }
    }

    public static PolicySpec named(String name) {
        return new PolicySpec(name, Map.of(), 42);
    }
}
