package io.gpuctl.events;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which policy a pool uses.
 *
 * @param name the policy's published name, for example {@code fifo}
 * @param weights its parameters; those that are absent have the policy's default
 * @param seed for policies that draw random numbers
 */
public record PolicySpec(String name, Map<String, Double> weights, long seed) {
    public PolicySpec {
        Check.identifier("policy.name", name);
        weights = Collections.unmodifiableMap(new TreeMap<>(Check.present("policy.weights", weights)));
    }

    public static PolicySpec named(String name) {
        return new PolicySpec(name, Map.of(), 42);
    }
}
