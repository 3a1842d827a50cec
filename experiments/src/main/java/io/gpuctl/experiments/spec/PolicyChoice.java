package io.gpuctl.experiments.spec;

import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.TargetWorkload;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A policy to be compared, with the weights that are not at their defaults. */
public record PolicyChoice(String name, SortedMap<String, Double> weights) {
    public PolicyChoice {
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }

    /** What results call it: two choices that differ have two labels. */
    public String label() {
        return weights.isEmpty()
                ? name
                : name + weights.entrySet().stream().map(PolicyChoice::text).collect(Collectors.joining(",", "(", ")"));
    }

    private static String text(Map.Entry<String, Double> weight) {
        double value = weight.getValue();
        String number = value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value);
        return weight.getKey() + "=" + number;
    }

    /** For a run. */
    public PolicySpec spec(long seed, TargetWorkload targetWorkload) {
        return new PolicySpec(name, weights, seed, targetWorkload);
    }
}
