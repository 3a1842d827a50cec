package io.gpuctl.experiments.spec;

import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TaskSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A policy to compare, with the weights that differ from the defaults. */
public record PolicyChoice(String name, SortedMap<String, Double> weights) {
    /** The placement that uses the expected workload. */
    private static final String LOOKS_AHEAD = "fgd";

    /** The placement that uses the conditions of nodes. */
    private static final String LOOKS_AT_CONDITIONS = "intelligent";

    public PolicyChoice {
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }

    /** Returns the name of the choice in the results. Different choices have different labels. */
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

    /** Returns the policy's specification for a run. */
    public PolicySpec spec(long seed, TargetWorkload targetWorkload) {
        return new PolicySpec(name, weights, seed, targetWorkload);
    }

    /** Returns whether the policy uses the conditions of nodes, so that nodes must be measured. */
    public boolean needsConditions() {
        return hasPart(LOOKS_AT_CONDITIONS);
    }

    /** Returns the workload that the policy may expect: tasks like these; empty if the policy expects none. */
    public TargetWorkload target(List<TaskSpec> tasks) {
        return hasPart(LOOKS_AHEAD) ? TargetWorkload.of(tasks) : TargetWorkload.EMPTY;
    }

    private boolean hasPart(String part) {
        return Arrays.asList(name.split("\\+", -1)).contains(part);
    }
}
