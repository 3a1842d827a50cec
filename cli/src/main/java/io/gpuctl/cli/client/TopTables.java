package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.output.Bar;
import io.gpuctl.cli.output.Page;
import io.gpuctl.cli.output.Screen;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.units.Counted;
import java.util.ArrayList;
import java.util.List;

/** Formats {@link Measured} entries as a table below a line that sums them up. */
record TopTables(String heading, Table table) implements Page {

    private static final int BAR_WIDTH = 8;
    private static final double MIB_PER_GIB = 1_024;
    private static final double WATTS_PER_KILOWATT = 1_000;

    @Override
    public List<String> lines(Screen screen) {
        List<String> lines = new ArrayList<>();
        lines.add(heading.length() <= screen.columns() ? heading : heading.substring(0, screen.columns()));
        lines.addAll(table.lines(screen));
        return lines;
    }

    static TopTables gpus(List<JsonNode> gpus, boolean isWide) {
        var table = isWide
                ? new Table(
                        Column.left("GPU"),
                        Column.left("MODEL"),
                        Column.state("STATE"),
                        Column.left("UTIL"),
                        Column.right("MEMORY GIB"),
                        Column.right("POWER W"),
                        Column.right("TEMP C"),
                        Column.right("SLOWDOWN C"),
                        Column.right("MHZ"),
                        Column.text("CLOCK HELD BY"),
                        Column.right("ALLOCATED"),
                        Column.text("TASKS"))
                : new Table(
                        Column.left("GPU"),
                        Column.left("UTIL"),
                        Column.right("MEM GIB"),
                        Column.right("POWER W"),
                        Column.right("TEMP"),
                        Column.right("MHZ"),
                        Column.state("LIMIT"),
                        Column.text("TASKS"));
        for (JsonNode gpu : gpus) {
            List<String> tasks = new ArrayList<>();
            gpu.path("tasks").forEach(task -> tasks.add(task.asText()));
            String heldBy = heldBy(gpu);
            if (isWide) {
                List<String> reasons = new ArrayList<>();
                gpu.path("clock_event_reasons").forEach(reason -> reasons.add(reason.asText()));
                table.row(
                        gpu.path("id").asText(),
                        gpu.path("gpu_model").asText(),
                        gpu.path("state").asText(),
                        utilization(gpu),
                        memory(gpu),
                        power(gpu),
                        whole(gpu, "temperature_celsius"),
                        whole(gpu, "slowdown_celsius"),
                        whole(gpu, "sm_clock_mhz"),
                        String.join(",", reasons),
                        Tables.number(gpu.path("allocated")),
                        String.join(",", tasks));
            } else {
                table.row(
                        gpu.path("id").asText(),
                        utilization(gpu),
                        memory(gpu),
                        power(gpu),
                        whole(gpu, "temperature_celsius"),
                        whole(gpu, "sm_clock_mhz"),
                        heldBy,
                        String.join(",", tasks));
            }
        }
        return new TopTables(
                "%s: %s".formatted(Counted.of(gpus.size(), "GPU"), sum(gpus, gpus.size(), "throttled")), table);
    }

    /**
     * Returns the state of a GPU that is not measured or out of service; else what slows down its clock, if that is
     * heat or the power limit.
     */
    private static String heldBy(JsonNode gpu) {
        if (!gpu.has("utilization") || gpu.path("state").asText().equals("out")) {
            return gpu.path("state").asText();
        }
        if (gpu.path("throttled").asBoolean()) {
            return "heat";
        }
        for (JsonNode reason : gpu.path("clock_event_reasons")) {
            if (reason.asText().equals("sw_power_cap")) {
                return "power";
            }
        }
        return "";
    }

    static TopTables nodes(List<JsonNode> nodes, boolean isWide) {
        var table = isWide
                ? new Table(
                        Column.left("NODE"),
                        Column.state("HEALTH"),
                        Column.left("POOL"),
                        Column.left("RACK"),
                        Column.left("MODEL"),
                        Column.right("GPUS"),
                        Column.left("UTIL"),
                        Column.right("MEMORY GIB"),
                        Column.right("POWER W"),
                        Column.right("HOTTEST"),
                        Column.right("THROTTLED"),
                        Column.right("TASKS"))
                : new Table(
                        Column.left("NODE"),
                        Column.state("HEALTH"),
                        Column.right("GPUS"),
                        Column.left("UTIL"),
                        Column.right("MEM GIB"),
                        Column.right("POWER W"),
                        Column.right("HOT"),
                        Column.right("SLOW"),
                        Column.right("TASKS"));
        long gpuCount = 0;
        for (JsonNode node : nodes) {
            gpuCount += node.path("gpu_count").asInt();
            String held = node.has("gpus_allocated") ? Tables.number(node.path("gpus_allocated")) : Table.NOTHING;
            List<String> cells = new ArrayList<>(
                    List.of(node.path("node_id").asText(), node.path("health").asText()));
            if (isWide) {
                cells.addAll(List.of(
                        node.path("pool").asText(),
                        node.path("rack").asText(),
                        node.path("gpu_model").asText()));
            }
            cells.addAll(List.of(
                    held + "/" + node.path("gpu_count").asText(),
                    utilization(node),
                    memory(node),
                    power(node),
                    whole(node, "temperature_celsius"),
                    whole(node, "throttled_gpus"),
                    node.path("tasks").asText()));
            table.row(cells.toArray(String[]::new));
        }
        return new TopTables(
                "%s, %s: %s"
                        .formatted(
                                Counted.of(nodes.size(), "node"),
                                Counted.of(gpuCount, "GPU"),
                                sum(nodes, gpuCount, "throttled_gpus")),
                table);
    }

    static TopTables tasks(List<JsonNode> tasks, boolean isWide) {
        var table = isWide
                ? new Table(
                        Column.left("TASK"),
                        Column.text("USER"),
                        Column.left("POOL"),
                        Column.right("ATTEMPT"),
                        Column.right("GPUS"),
                        Column.text("NODE[GPUS]"),
                        Column.left("UTIL"),
                        Column.right("POWER W"),
                        Column.right("MEMORY GIB"),
                        Column.right("HOTTEST"),
                        Column.right("THROTTLED"),
                        Column.right("RAN"))
                : new Table(
                        Column.left("TASK"),
                        Column.text("USER"),
                        Column.right("GPUS"),
                        Column.text("NODE[GPUS]"),
                        Column.left("UTIL"),
                        Column.right("POWER W"),
                        Column.right("HOT"),
                        Column.right("RAN"));
        double watts = 0;
        for (JsonNode json : tasks) {
            var task = new TaskDocument(json);
            watts += json.path("power_watts").asDouble();
            String power = (json.path("power_is_estimate").asBoolean() ? "~" : "") + whole(json, "power_watts");
            if (isWide) {
                table.row(
                        task.id(),
                        task.text("user"),
                        task.text("pool"),
                        task.text("attempt"),
                        task.gpus(),
                        task.placement(),
                        utilization(json),
                        power,
                        gib(json, "memory_used_mib"),
                        whole(json, "temperature_celsius"),
                        whole(json, "throttled_gpus"),
                        task.runTime());
            } else {
                table.row(
                        task.id(),
                        task.text("user"),
                        task.gpus(),
                        task.placementInShort(),
                        utilization(json),
                        power,
                        whole(json, "temperature_celsius"),
                        task.runTime());
            }
        }
        return new TopTables(
                "%s: %.1f kW".formatted(Counted.of(tasks.size(), "running task"), watts / WATTS_PER_KILOWATT), table);
    }

    private static String sum(List<JsonNode> entries, long gpus, String throttledField) {
        double busy = 0;
        double watts = 0;
        long throttled = 0;
        double hottest = Double.NEGATIVE_INFINITY;
        for (JsonNode entry : entries) {
            busy += entry.path("utilization").asDouble()
                    * entry.path("gpu_count").asInt(1);
            watts += entry.path("power_watts").asDouble();
            JsonNode slow = entry.path(throttledField);
            throttled += slow.isBoolean() ? (slow.asBoolean() ? 1 : 0) : slow.asLong();
            hottest = Math.max(hottest, entry.path("temperature_celsius").asDouble(Double.NEGATIVE_INFINITY));
        }
        if (hottest == Double.NEGATIVE_INFINITY) {
            return "none of them is measured now";
        }
        return "%.0f %% busy, %.1f kW, hottest %.0f C, %d slowed by heat"
                .formatted(100 * busy / gpus, watts / WATTS_PER_KILOWATT, hottest, throttled);
    }

    private static String utilization(JsonNode entry) {
        JsonNode share = entry.path("utilization");
        return share.isNumber()
                ? "%s %3.0f%%".formatted(Bar.of(share.asDouble(), BAR_WIDTH), 100 * share.asDouble())
                : "";
    }

    private static String memory(JsonNode entry) {
        return entry.has("memory_mib") ? gib(entry, "memory_used_mib") + "/" + gib(entry, "memory_mib") : "";
    }

    private static String gib(JsonNode entry, String field) {
        return entry.has(field) ? "%.0f".formatted(entry.path(field).asLong() / MIB_PER_GIB) : "";
    }

    private static String power(JsonNode entry) {
        return entry.has("power_watts") ? whole(entry, "power_watts") + "/" + whole(entry, "power_limit_watts") : "";
    }

    private static String whole(JsonNode entry, String field) {
        return entry.has(field) ? "%.0f".formatted(entry.path(field).asDouble()) : "";
    }
}
