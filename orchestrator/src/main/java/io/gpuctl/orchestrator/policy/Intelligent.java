package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Nodes;
import io.gpuctl.orchestrator.core.Placement;
import io.gpuctl.orchestrator.core.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Weighs how cool, empty, idle and frugal the GPUs of each node are, and takes the best.
 *
 * <p>Each part is a number from 0 (worst) to 1 (best), taken from the node's smoothed condition: <ul> <li>{@code
 * temperature}: distance to the slowdown temperature, as a share of its distance from the inlet air; <li>{@code memory}:
 * share of the GPU's memory that is free; <li>{@code utilization}: share of the GPU that is idle; <li>{@code power}:
 * distance to the power limit, as a share of its distance from idle power. </ul> The score of a GPU is the weighted mean
 * of its parts, that of a node the mean over the GPUs that the task would get there: its best ones. A condition lags
 * behind a placement by seconds, so what the book has allocated counts as used at once. GPUs within {@code
 * hot_margin_celsius} of their slowdown temperature are not used at all.
 */
final class Intelligent implements Placement {
    static final String NAME = "intelligent";

    private static final String TEMPERATURE = "temperature";
    private static final String MEMORY = "memory";
    private static final String UTILIZATION = "utilization";
    private static final String POWER = "power";
    private static final String HOT_MARGIN = "hot_margin_celsius";

    private final SortedMap<String, Double> weights = new TreeMap<>();
    private final double temperatureWeight;
    private final double memoryWeight;
    private final double utilizationWeight;
    private final double powerWeight;
    private final double hotMarginCelsius;

    Intelligent(PolicySpec spec) {
        weights.put(TEMPERATURE, 0.35);
        weights.put(MEMORY, 0.25);
        weights.put(UTILIZATION, 0.25);
        weights.put(POWER, 0.15);
        weights.put(HOT_MARGIN, 5.0);
        spec.weights().forEach(this::override);
        double sum = weights.get(TEMPERATURE) + weights.get(MEMORY) + weights.get(UTILIZATION) + weights.get(POWER);
        if (sum <= 0) {
            throw new InvalidFieldException("policy.weights", spec.weights(), "such that one of them is above 0");
        }
        temperatureWeight = weights.get(TEMPERATURE) / sum;
        memoryWeight = weights.get(MEMORY) / sum;
        utilizationWeight = weights.get(UTILIZATION) / sum;
        powerWeight = weights.get(POWER) / sum;
        hotMarginCelsius = weights.get(HOT_MARGIN);
    }

    private void override(String name, double value) {
        if (!weights.containsKey(name)) {
            throw new InvalidFieldException("policy.weights", name, "one of " + String.join(", ", weights.keySet()));
        }
        if (!(value >= 0 && value <= 1000)) {
            throw new InvalidFieldException("policy.weights." + name, value, "a number from 0 to 1000");
        }
        weights.put(name, value);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Choice choose(Request request, Nodes nodes) {
        Fit.Tally tally = new Fit.Tally();
        Candidate.@Nullable Scored best = null;
        for (Node node : nodes) {
            switch (look(node, request.shape())) {
                case Candidate.RuledOut out -> tally.add(out.obstacle());
                case Candidate.Scored scored -> {
                    if (best == null || scored.total() > best.total()) {
                        best = scored;
                    }
                }
            }
        }
        return best == null ? new Nowhere(tally.reason()) : Place.on(best.node(), best.gpus(), best.parts());
    }

    @Override
    public List<Candidate> explain(Request request, Nodes nodes) {
        return nodes.stream().map(node -> look(node, request.shape())).toList();
    }

    private Candidate look(Node node, Shape task) {
        Code obstacle = Fit.obstacle(node, task);
        if (obstacle != null) {
            return new Candidate.RuledOut(node, obstacle);
        }
        GpuRequest request = task.gpus();
        if (request.count() == 0) {
            return scoreOfCpus(node, task);
        }
        List<GpuScore> fitting = new ArrayList<>(node.gpuCount());
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            if (Fit.fits(node, gpu, request) && !isHot(node, gpu)) {
                fitting.add(score(node, gpu));
            }
        }
        if (fitting.size() < request.count()) {
            return new Candidate.RuledOut(node, Code.GPU_TOO_HOT);
        }
        fitting.sort(Comparator.comparingDouble(GpuScore::total).reversed().thenComparingInt(GpuScore::gpu));
        return mean(node, fitting.subList(0, request.count()));
    }

    /** A task without GPUs goes where most CPU is left. */
    private static Candidate scoreOfCpus(Node node, Shape task) {
        double left = (double) (node.freeCpuMilli() - task.cpuMilli())
                / Math.max(1, node.inventory().cpuMilli());
        SortedMap<String, Double> parts = new TreeMap<>();
        parts.put("cpu", rounded(left));
        // Nodes without GPUs first: those with GPUs are for tasks that need them.
        double total = node.gpuCount() == 0 ? 1 + left : left;
        return new Candidate.Scored(node, List.of(), total, parts);
    }

    private boolean isHot(Node node, int gpu) {
        NodeCondition condition = node.condition();
        return condition != null
                && condition.gpus().get(gpu).temperatureCelsius()
                        >= node.inventory().slowdownCelsius() - hotMarginCelsius;
    }

    private record GpuScore(
            int gpu, double temperature, double memory, double utilization, double power, double total) {}

    private GpuScore score(Node node, int gpu) {
        NodeInventory inventory = node.inventory();
        NodeCondition condition = node.condition();
        double memoryMib = inventory.gpuMemoryMib();
        double allocated = 1 - (double) node.freeMilli(gpu) / GpuRequest.WHOLE;
        double temperature = 1;
        double utilization = 1 - allocated;
        double power = 1;
        double freeMemory = share((double) node.freeGpuMemoryMib(gpu), memoryMib);
        if (condition != null) {
            NodeCondition.Gpu seen = condition.gpus().get(gpu);
            temperature = share(
                    inventory.slowdownCelsius() - seen.temperatureCelsius(),
                    inventory.slowdownCelsius() - inventory.ambientCelsius());
            utilization = Math.min(utilization, 1 - seen.utilization());
            power = share(
                    inventory.gpuLimitPowerWatts() - seen.powerWatts(),
                    inventory.gpuLimitPowerWatts() - inventory.gpuIdlePowerWatts());
            freeMemory = Math.min(freeMemory, share(memoryMib - seen.memoryUsedMib(), memoryMib));
        }
        double total = temperatureWeight * temperature
                + memoryWeight * freeMemory
                + utilizationWeight * utilization
                + powerWeight * power;
        return new GpuScore(gpu, temperature, freeMemory, utilization, power, total);
    }

    /** A part of a whole, from 0 to 1; 1 of nothing. */
    private static double share(double part, double whole) {
        return whole <= 0 ? 1 : Math.clamp(part / whole, 0.0, 1.0);
    }

    private static Candidate.Scored mean(Node node, List<GpuScore> gpus) {
        SortedMap<String, Double> parts = new TreeMap<>();
        parts.put(TEMPERATURE, mean(gpus, GpuScore::temperature));
        parts.put(MEMORY, mean(gpus, GpuScore::memory));
        parts.put(UTILIZATION, mean(gpus, GpuScore::utilization));
        parts.put(POWER, mean(gpus, GpuScore::power));
        double total = gpus.stream().mapToDouble(GpuScore::total).average().orElseThrow();
        List<Integer> indexes = gpus.stream().map(GpuScore::gpu).sorted().toList();
        return new Candidate.Scored(node, indexes, total, parts);
    }

    private static double mean(List<GpuScore> gpus, java.util.function.ToDoubleFunction<GpuScore> part) {
        return rounded(gpus.stream().mapToDouble(part).average().orElseThrow());
    }

    /** Four digits are enough to explain a placement, and keep the log short. */
    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
