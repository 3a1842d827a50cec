package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.output.Fields;
import io.gpuctl.cli.output.Page;
import io.gpuctl.cli.output.Screen;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.units.Durations;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of the whole cluster, for people: all counts above zero, and a row for each pool. Programs read the
 * document.
 */
record StatusPage(Fields fields, Table pools) implements Page {

    private static final List<String> NONE = List.of("none");
    private static final double WATTS_PER_KILOWATT = 1_000;

    static StatusPage of(JsonNode status) {
        return new StatusPage(fields(status), pools(status.path("pools")));
    }

    @Override
    public List<String> lines(Screen screen) {
        List<String> lines = new ArrayList<>(fields.lines(screen));
        lines.add("");
        lines.addAll(pools.lines(screen));
        return lines;
    }

    private static Fields fields(JsonNode status) {
        return new Fields()
                .add("Time", time(status))
                .add(
                        "Nodes",
                        String.join(", ", counts(status.path("nodes_by_health")).reversed()))
                .add("GPUs", gpus(status.path("gpus")))
                .add("Tasks", String.join(", ", counts(status.path("tasks"))))
                .add("Load", load(status))
                .add("Hottest", hottest(status.path("hottest_gpu")))
                .add("Energy", energy(status))
                .add("Requeues", requeues(status))
                .add("Faults", faults(status));
    }

    private static String energy(JsonNode status) {
        String running = Tables.estimate(status.path("running_energy_estimate_joules"));
        return Tables.energy(status.path("energy_joules")) + " by ended attempts"
                + (running.isEmpty() ? "" : ", %s by running ones".formatted(running));
    }

    private static String time(JsonNode status) {
        double speed = status.path("speed").asDouble(1);
        return status.path("cluster_time").asText()
                + (speed == 1
                        ? ""
                        : ", %s times as fast as the wall clock".formatted(Tables.number(status.path("speed"))));
    }

    /** Returns texts such as {@code 30 healthy} and {@code 2 lost}, in the API's order, without counts of zero. */
    private static List<String> counts(JsonNode byWord) {
        List<String> counts = new ArrayList<>();
        byWord.properties().forEach(entry -> {
            if (entry.getValue().asLong() != 0) {
                counts.add("%,d %s".formatted(entry.getValue().asLong(), entry.getKey()));
            }
        });
        return counts.isEmpty() ? NONE : counts;
    }

    private static String gpus(JsonNode gpus) {
        int away = gpus.path("total").asInt() - gpus.path("up").asInt();
        return "%,d: %s allocated, %s idle%s%s"
                .formatted(
                        gpus.path("total").asInt(),
                        Tables.number(gpus.path("allocated")),
                        Tables.number(gpus.path("idle")),
                        gpus.path("out").asInt() == 0
                                ? ""
                                : ", %s broken".formatted(gpus.path("out").asText()),
                        away == 0 ? "" : ", %,d on nodes not up".formatted(away));
    }

    private static String load(JsonNode status) {
        if (!status.path("mean_utilization").isNumber()) {
            return "unknown: no GPU reports";
        }
        int throttled = status.path("throttled_gpus").asInt();
        int total = status.at("/gpus/total").asInt();
        int measured = status.path("gpus_measured").asInt(total);
        return "%.0f%% utilization, %.1f kW%s%s"
                .formatted(
                        100 * status.path("mean_utilization").asDouble(),
                        status.path("total_power_watts").asDouble() / WATTS_PER_KILOWATT,
                        throttled == 0 ? "" : ", %,d GPUs slowed by heat".formatted(throttled),
                        measured == total ? "" : ", of the %,d GPUs that report".formatted(measured));
    }

    private static String hottest(JsonNode gpu) {
        return gpu.isMissingNode()
                ? ""
                : "%.1f C, GPU %s of node %s"
                        .formatted(
                                gpu.path("temperature_celsius").asDouble(),
                                gpu.path("gpu").asText(),
                                gpu.path("node").asText());
    }

    private static String requeues(JsonNode status) {
        long lostMs = millis(status.path("lost_work_seconds"));
        List<String> counts = counts(status.path("requeues"));
        return counts.equals(NONE)
                ? ""
                : String.join(", ", counts)
                        + (lostMs == 0 ? "" : "; %s of work lost".formatted(Durations.human(lostMs)));
    }

    private static String faults(JsonNode status) {
        long repairs = status.path("repairs").asLong();
        double outHours = status.path("out_of_service_gpu_hours").asDouble();
        if (repairs == 0 && outHours == 0) {
            return "";
        }
        long repairMs = millis(status.path("mttr_seconds"));
        return "%,d repaired%s, %.2f GPU hours out of service"
                .formatted(
                        repairs,
                        repairMs == 0 ? "" : " after %s on average".formatted(Durations.human(repairMs)),
                        outHours);
    }

    private static long millis(JsonNode seconds) {
        return seconds.isNumber()
                ? seconds.decimalValue().multiply(BigDecimal.valueOf(1_000)).longValue()
                : 0;
    }

    private static Table pools(JsonNode pools) {
        var table = new Table(
                Column.left("POOL"),
                Column.text("POLICY"),
                Column.right("NODES UP"),
                Column.right("GPUS"),
                Column.right("ALLOCATED"),
                Column.right("IDLE"),
                Column.right("RUNNING"),
                Column.right("WAITING"),
                Column.right("ENDED"));
        for (JsonNode pool : pools) {
            JsonNode tasks = pool.path("tasks");
            table.row(
                    pool.path("pool").asText(),
                    pool.at("/policy/name").asText()
                            + (pool.at("/policy/manual").asBoolean() ? " (manual)" : ""),
                    pool.at("/nodes/up").asText(),
                    pool.at("/gpus/total").asText(),
                    Tables.number(pool.at("/gpus/allocated")),
                    Tables.number(pool.at("/gpus/idle")),
                    sum(tasks, "placed", "running", "preempting", "cancelling"),
                    sum(tasks, "queued", "backing_off"),
                    sum(tasks, "completed", "failed", "cancelled", "rejected"));
        }
        return table;
    }

    private static String sum(JsonNode counts, String... words) {
        long sum = 0;
        for (String word : words) {
            sum += counts.path(word).asLong();
        }
        return Long.toString(sum);
    }
}
