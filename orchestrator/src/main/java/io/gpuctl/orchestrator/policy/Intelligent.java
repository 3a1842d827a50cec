package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Weighs how warm the task would make the GPUs of each node, how little of the node would stay free, and how much
 * memory, idle time and power the GPUs have left; the best node wins.
 *
 * <p>Each part is a number from 0 (worst) to 1 (best):
 *
 * <ul>
 *   <li>{@code temperature}: if the node says how warm its GPUs get, 1 if the GPU stays at least
 *       {@code hot_margin_celsius} below its slowdown temperature with the task; less for each degree above that, and 0
 *       from {@value #WINDOW_CELSIUS} degrees on. If the node does not say so: the distance of the GPU's temperature
 *       from the slowdown temperature, as a share of the distance between slowdown and inlet air temperature;
 *   <li>{@code packing}: the mean of how much of the GPU is used with the task, and how little of the node stays free,
 *       compared with a large node;
 *   <li>{@code memory}: share of the GPU's memory that is free;
 *   <li>{@code utilization}: share of the GPU that is idle;
 *   <li>{@code power}: the distance of the GPU's power from the power limit, as a share of the distance between the
 *       limit and idle power.
 * </ul>
 *
 * The score of a GPU is the weighted mean of its parts; the score of a node is the mean over the GPUs that the task
 * would get there, which are its best ones. Measured values come from the node's smoothed condition, which lags behind
 * a placement by seconds, so allocated capacity counts as used at once. GPUs that are within {@code hot_margin_celsius}
 * of their slowdown temperature now are not used.
 */
final class Intelligent implements Scorer {
    static final String NAME = "intelligent";

    private static final String TEMPERATURE = "temperature";
    private static final String PACKING = "packing";
    private static final String MEMORY = "memory";
    private static final String UTILIZATION = "utilization";
    private static final String POWER = "power";
    private static final String HOT_MARGIN = "hot_margin_celsius";
    private static final double WEIGHT_MAX = 1_000;
    private static final double WINDOW_CELSIUS = 30;

    static final List<PolicyWeight> WEIGHTS = List.of(
            new PolicyWeight(TEMPERATURE, 0.5, WEIGHT_MAX, "how far from slowing down, with the task"),
            new PolicyWeight(PACKING, 0.35, WEIGHT_MAX, "how little of a node in use is left"),
            new PolicyWeight(MEMORY, 0.05, WEIGHT_MAX, "how much GPU memory is free"),
            new PolicyWeight(UTILIZATION, 0.05, WEIGHT_MAX, "how idle"),
            new PolicyWeight(POWER, 0.05, WEIGHT_MAX, "how far from the power limit"),
            new PolicyWeight(HOT_MARGIN, 5, WEIGHT_MAX, "GPUs this near to slowing down are not used"));

    private final double temperatureWeight;
    private final double packingWeight;
    private final double memoryWeight;
    private final double utilizationWeight;
    private final double powerWeight;
    private final double hotMarginCelsius;

    /** The map must have a value for each of {@link #WEIGHTS}. */
    Intelligent(SortedMap<String, Double> weights) {
        double temperature = required(weights, TEMPERATURE);
        double packing = required(weights, PACKING);
        double memory = required(weights, MEMORY);
        double utilization = required(weights, UTILIZATION);
        double power = required(weights, POWER);
        double sum = temperature + packing + memory + utilization + power;
        if (sum <= 0) {
            throw new InvalidFieldException("policy.weights", weights, "weights of which at least one is above 0");
        }
        temperatureWeight = temperature / sum;
        packingWeight = packing / sum;
        memoryWeight = memory / sum;
        utilizationWeight = utilization / sum;
        powerWeight = power / sum;
        hotMarginCelsius = required(weights, HOT_MARGIN);
    }

    private static double required(SortedMap<String, Double> weights, String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    @Override
    public @Nullable Code obstacle(Node node, Shape shape) {
        Code obstacle = Fit.obstacle(node, shape);
        if (obstacle != null) {
            return obstacle;
        }
        return coolGpus(node, shape.gpus()).size() < shape.gpus().count() ? Code.GPU_TOO_HOT : null;
    }

    @Override
    public double score(Node node, Shape shape) {
        if (shape.gpus().count() == 0) {
            // Nodes without GPUs come first: nodes with GPUs are for tasks that need them.
            return (node.gpuCount() == 0 ? 1 : 0) + shareOfCpusLeft(node, shape);
        }
        return best(node, shape.gpus()).stream()
                .mapToDouble(GpuScore::total)
                .average()
                .orElseThrow();
    }

    @Override
    public SortedMap<String, Double> parts(Node node, Shape shape) {
        SortedMap<String, Double> parts = new TreeMap<>();
        if (shape.gpus().count() == 0) {
            parts.put("cpu", rounded(shareOfCpusLeft(node, shape)));
            return parts;
        }
        List<GpuScore> gpus = best(node, shape.gpus());
        parts.put(TEMPERATURE, mean(gpus, GpuScore::temperature));
        parts.put(PACKING, mean(gpus, GpuScore::packing));
        parts.put(MEMORY, mean(gpus, GpuScore::memory));
        parts.put(UTILIZATION, mean(gpus, GpuScore::utilization));
        parts.put(POWER, mean(gpus, GpuScore::power));
        return parts;
    }

    @Override
    public List<Integer> gpus(Node node, Request request) {
        return best(node, request.shape().gpus()).stream()
                .map(GpuScore::gpu)
                .sorted()
                .toList();
    }

    /** Returns the GPUs that the task would get on the node. */
    private List<GpuScore> best(Node node, GpuRequest request) {
        List<GpuScore> cool = coolGpus(node, request);
        cool.sort(Comparator.comparingDouble(GpuScore::total).reversed().thenComparingInt(GpuScore::gpu));
        return cool.subList(0, request.count());
    }

    private List<GpuScore> coolGpus(Node node, GpuRequest request) {
        List<GpuScore> cool = new ArrayList<>(node.gpuCount());
        double nodeUse = 1 - share((double) Gpus.leftMilli(node) - request.totalMilli(), LargeNode.GPU_MILLI);
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            if (Fit.fits(node, gpu, request) && !isHot(node, gpu)) {
                cool.add(score(node, gpu, request, nodeUse));
            }
        }
        return cool;
    }

    /** Returns the share of CPU that would be left: a task without GPUs prefers the node with the most. */
    private static double shareOfCpusLeft(Node node, Shape shape) {
        return (double) (node.freeCpuMilli() - shape.cpuMilli())
                / Math.max(1, node.inventory().cpuMilli());
    }

    private boolean isHot(Node node, int gpu) {
        NodeCondition condition = node.condition();
        return condition != null
                && condition.gpus().get(gpu).temperatureCelsius()
                        >= node.inventory().slowdownCelsius() - hotMarginCelsius;
    }

    private record GpuScore(
            int gpu,
            double temperature,
            double packing,
            double memory,
            double utilization,
            double power,
            double total) {}

    /** {@code nodeUse} is the part of a large node that would not stay free. */
    private GpuScore score(Node node, int gpu, GpuRequest request, double nodeUse) {
        NodeInventory inventory = node.inventory();
        NodeCondition condition = node.condition();
        double memoryMib = inventory.gpuMemoryMib();
        double allocated = 1 - (double) node.freeMilli(gpu) / GpuRequest.WHOLE;
        double used = Math.min(1, allocated + (double) request.milli() / GpuRequest.WHOLE);
        double packing = (used + nodeUse) / 2;
        double temperature = temperature(
                inventory, condition == null ? null : condition.gpus().get(gpu), used);
        double utilization = 1 - allocated;
        double power = 1;
        double freeMemory = share((double) node.freeGpuMemoryMib(gpu), memoryMib);
        if (condition != null) {
            NodeCondition.Gpu seen = condition.gpus().get(gpu);
            utilization = Math.min(utilization, 1 - seen.utilization());
            power = share(
                    inventory.gpuLimitPowerWatts() - seen.powerWatts(),
                    inventory.gpuLimitPowerWatts() - inventory.gpuIdlePowerWatts());
            freeMemory = Math.min(freeMemory, share(memoryMib - seen.memoryUsedMib(), memoryMib));
        }
        double total = temperatureWeight * temperature
                + packingWeight * packing
                + memoryWeight * freeMemory
                + utilizationWeight * utilization
                + powerWeight * power;
        return new GpuScore(gpu, temperature, packing, freeMemory, utilization, power, total);
    }

    /** {@code used} is the part of the GPU that is busy with the task. */
    private double temperature(NodeInventory node, NodeCondition.@Nullable Gpu seen, double used) {
        if (node.gpuRiseCelsius() > 0) {
            double idleShare = share(node.gpuIdlePowerWatts(), node.gpuLimitPowerWatts());
            double powerShare = idleShare + (1 - idleShare) * used;
            double endsAtCelsius = node.ambientCelsius() + node.gpuRiseCelsius() * powerShare;
            return 1 - share(endsAtCelsius - (node.slowdownCelsius() - hotMarginCelsius), WINDOW_CELSIUS);
        }
        return seen == null
                ? 1
                : share(
                        node.slowdownCelsius() - seen.temperatureCelsius(),
                        node.slowdownCelsius() - node.ambientCelsius());
    }

    /** Returns the part as a share of the whole, from 0 to 1; 1 if the whole is 0. */
    private static double share(double part, double whole) {
        return whole <= 0 ? 1 : Math.clamp(part / whole, 0.0, 1.0);
    }

    private static double mean(List<GpuScore> gpus, ToDoubleFunction<GpuScore> part) {
        return rounded(gpus.stream().mapToDouble(part).average().orElseThrow());
    }

    /** Rounds to four digits, which are enough to explain a placement, and keep the log short. */
    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
