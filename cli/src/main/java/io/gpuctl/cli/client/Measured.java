package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Summarizes the measurements of GPUs, as entries for a GPU, a node, or a task that holds GPUs. An entry leaves out
 * values that are not measured now, because the node is down or sends no telemetry.
 */
final class Measured {

    private static final double WHOLE_MILLI = 1_000;

    private Measured() {}

    /** Returns an entry for each GPU, ordered by node and index. */
    static List<JsonNode> gpus(List<JsonNode> nodes) {
        List<JsonNode> entries = new ArrayList<>();
        for (JsonNode node : nodes) {
            for (int gpu = 0; gpu < node.path("gpu_count").asInt(); gpu++) {
                entries.add(gpu(node, gpu));
            }
        }
        return entries;
    }

    private static ObjectNode gpu(JsonNode node, int gpu) {
        ObjectNode entry = JsonNodeFactory.instance
                .objectNode()
                .put("id", node.path("node_id").asText() + "/" + gpu)
                .put("node_id", node.path("node_id").asText())
                .put("gpu", gpu)
                .put("pool", node.path("pool").asText())
                .put("gpu_model", node.path("gpu_model").asText())
                .put("state", isOut(node, gpu) ? "out" : Tables.health(node));
        double allocated = 0;
        var tasks = JsonNodeFactory.instance.arrayNode();
        for (JsonNode task : tasksOn(node, gpu)) {
            allocated += task.path("gpu_milli").asInt() / WHOLE_MILLI;
            tasks.add(task.path("task_id").asText());
        }
        entry.put("allocated", allocated).set("tasks", tasks);
        JsonNode measured = measured(node, gpu);
        if (measured != null) {
            entry.put("utilization", measured.path("utilization").asDouble())
                    .put("memory_used_mib", measured.path("memory_used_mib").asLong())
                    .put("memory_mib", node.path("gpu_memory_mib").asLong())
                    .put("power_watts", measured.path("power_watts").asDouble())
                    .put("power_limit_watts", node.path("gpu_limit_power_watts").asDouble())
                    .put(
                            "temperature_celsius",
                            measured.path("temperature_celsius").asDouble())
                    .put("slowdown_celsius", node.path("slowdown_celsius").asDouble())
                    .put("sm_clock_mhz", measured.path("sm_clock_mhz").asInt())
                    .put("throttled", measured.path("throttled").asBoolean())
                    .set("clock_event_reasons", measured.path("clock_event_reasons"));
        }
        return entry;
    }

    private static boolean isOut(JsonNode node, int gpu) {
        return StreamSupport.stream(node.path("gpus_out").spliterator(), false)
                .anyMatch(out -> out.path("gpu").asInt() == gpu);
    }

    /** Includes tasks that the scheduler regards as over, but that may still run on the GPU. */
    private static List<JsonNode> tasksOn(JsonNode node, int gpu) {
        return StreamSupport.stream(node.path("tasks").spliterator(), false)
                .filter(task -> StreamSupport.stream(task.path("gpus").spliterator(), false)
                        .anyMatch(held -> held.asInt() == gpu))
                .toList();
    }

    private static @Nullable JsonNode measured(JsonNode node, int gpu) {
        JsonNode measured = node.at("/telemetry/gpus").path(gpu);
        return measured.isMissingNode() ? null : measured;
    }

    /** Returns an entry for each node, in the same order: sums and means over its GPUs. */
    static List<JsonNode> nodes(List<JsonNode> nodes) {
        return nodes.stream().<JsonNode>map(Measured::node).toList();
    }

    private static ObjectNode node(JsonNode node) {
        int gpuCount = node.path("gpu_count").asInt();
        ObjectNode entry = JsonNodeFactory.instance
                .objectNode()
                .put("node_id", node.path("node_id").asText())
                .put("pool", node.path("pool").asText())
                .put("rack", node.path("rack").asText())
                .put("health", Tables.health(node))
                .put("gpu_model", node.path("gpu_model").asText())
                .put("gpu_count", gpuCount)
                .put("tasks", node.path("tasks").size());
        if (node.has("gpus_allocated")) {
            entry.set("gpus_allocated", node.path("gpus_allocated"));
        }
        Sum sum = new Sum();
        node.at("/telemetry/gpus").forEach(sum::add);
        if (sum.gpus > 0) {
            entry.put("utilization", sum.utilization / sum.gpus)
                    .put("memory_used_mib", sum.memoryUsedMib)
                    .put("memory_mib", gpuCount * node.path("gpu_memory_mib").asLong())
                    .put("power_watts", sum.powerWatts)
                    .put(
                            "power_limit_watts",
                            gpuCount * node.path("gpu_limit_power_watts").asDouble())
                    .put("temperature_celsius", sum.hottestCelsius)
                    .put("throttled_gpus", sum.throttled);
        }
        return entry;
    }

    /** Sums over GPUs as the API shows them. */
    private static final class Sum {
        private int gpus;
        private double utilization;
        private long memoryUsedMib;
        private double powerWatts;
        private double hottestCelsius = Double.NEGATIVE_INFINITY;
        private int throttled;

        void add(JsonNode gpu) {
            gpus++;
            utilization += gpu.path("utilization").asDouble();
            memoryUsedMib += gpu.path("memory_used_mib").asLong();
            addPart(gpu, 1);
        }

        /** Adds the share of a GPU that a task holds. */
        void addPart(JsonNode gpu, double share) {
            powerWatts += share * gpu.path("power_watts").asDouble();
            hottestCelsius =
                    Math.max(hottestCelsius, gpu.path("temperature_celsius").asDouble());
            throttled += gpu.path("throttled").asBoolean() ? 1 : 0;
        }
    }

    /**
     * Returns an entry for each of these tasks that holds GPUs on these nodes, in the same order. For a shared GPU, the
     * power is an estimate, in proportion to the task's share of the GPU, and the utilization is unknown.
     */
    static List<JsonNode> tasks(List<JsonNode> tasks, List<JsonNode> nodes) {
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        nodes.forEach(node -> byId.put(node.path("node_id").asText(), node));
        List<JsonNode> entries = new ArrayList<>();
        for (JsonNode task : tasks) {
            entries.add(task(task, byId));
        }
        return entries;
    }

    private static ObjectNode task(JsonNode task, Map<String, JsonNode> nodes) {
        var document = new TaskDocument(task);
        ObjectNode entry = JsonNodeFactory.instance
                .objectNode()
                .put("task_id", document.id())
                .put("state", document.state())
                .put("user", document.text("user"))
                .put("pool", document.text("pool"))
                .put("attempt", document.attempt());
        for (String field : List.of("gpus", "run_seconds", "allocations")) {
            if (task.has(field)) {
                entry.set(field, task.path(field));
            }
        }
        Sum sum = new Sum();
        int sharedGpus = 0;
        for (JsonNode allocation : task.path("allocations")) {
            JsonNode node = nodes.get(allocation.path("node_id").asText());
            double share = allocation.path("gpu_milli").asDouble(WHOLE_MILLI) / WHOLE_MILLI;
            for (JsonNode gpu : allocation.path("gpus")) {
                JsonNode measured = node == null ? null : measured(node, gpu.asInt());
                if (measured != null && share < 1) {
                    sharedGpus++;
                    sum.addPart(measured, share);
                } else if (measured != null) {
                    sum.add(measured);
                }
            }
        }
        if (sum.gpus + sharedGpus > 0) {
            entry.put("power_watts", sum.powerWatts)
                    .put("power_is_estimate", sharedGpus > 0)
                    .put("temperature_celsius", sum.hottestCelsius)
                    .put("throttled_gpus", sum.throttled);
        }
        if (sum.gpus > 0 && sharedGpus == 0) {
            entry.put("utilization", sum.utilization / sum.gpus).put("memory_used_mib", sum.memoryUsedMib);
        }
        return entry;
    }
}
