package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Fields;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.units.Durations;
import io.gpuctl.events.units.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Describes nodes in full detail. */
@Command(name = "node", description = "Shows the hardware of a node, the state of its GPUs, and what runs on it.")
final class DescribeNode extends DescribeCommand.Describing {
    private static final double MILLIJOULES_PER_KWH = 3.6e9;
    private static final int NOT_FOUND = 404;

    @Parameters(
            arity = "1..*",
            paramLabel = "ID",
            completionCandidates = KnownIds.OfNodes.class,
            description = "The nodes' ids.")
    private List<String> ids = List.of();

    @Option(names = "--devices", description = "Also show the devices of its GPUs: UUID, PCI bus id and serial number.")
    private boolean showsDevices;

    @Option(names = "--events", description = "Also show its history: the newest 100 facts about the node.")
    private boolean showsEvents;

    @Override
    int run(ApiClient api) throws InterruptedException {
        return forEach(ids, id -> describe(api, id));
    }

    private void describe(ApiClient api, String id) {
        String path = "/nodes/" + ApiClient.segment(id);
        JsonNode node = api.get(Query.of(path));
        JsonNode history = history(api, path);
        List<JsonNode> events = new ArrayList<>();
        history.path("events").forEach(events::add);
        begin();
        var faults = NodeFaults.of(node, events);
        describe(node, faults, ages(api)).print(out());
        printEarlier(faults);
        printMeasured(node);
        if (showsDevices) {
            printDevices(node.at("/gpu_hardware/gpus"));
        }
        printTasks(node.path("tasks"));
        if (showsEvents) {
            long omitted = history.path("events_omitted").asLong();
            printHistory(events);
            if (omitted > 0) {
                out().println();
                out().println("%,d older facts are only in the log.".formatted(omitted));
            }
        }
    }

    /** Returns the history of a node, which fits in one page. An older API has no histories of nodes. */
    private static JsonNode history(ApiClient api, String path) {
        try {
            return api.get(new Query(path + "/events", Map.of("limit", "1000")));
        } catch (ApiProblemException e) {
            if (e.status() == NOT_FOUND) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }

    private static Fields describe(JsonNode node, NodeFaults faults, Ages ages) {
        return new Fields()
                .add("Node", node.path("node_id").asText())
                .add(
                        "State",
                        node.path("state").asText() + " since "
                                + ages.beside(node.path("state_since").asText()))
                .add("Health", health(node))
                .add("Cordon", cordon(node.path("cordon"), ages))
                .add("GPUs out", gpusOut(node.path("gpus_out"), ages))
                .add("Slow reports", slowReports(node))
                .add("Registered", ages.beside(node.path("registered_at").asText()))
                .add("Pool", node.path("pool").asText())
                .add("Rack", node.path("rack").asText())
                .add(
                        "GPUs",
                        "%s x %s with %s each"
                                .formatted(
                                        node.path("gpu_count").asText(),
                                        node.path("gpu_model").asText(),
                                        Sizes.human(node.path("gpu_memory_mib").asLong())))
                .add("Allocated", allocated(node))
                .add("CPU", DescribeCommand.cores(node))
                .add("Memory", Tables.size(node, "memory_mib"))
                .add("Slowdown at", Tables.number(node.path("slowdown_celsius")) + " C")
                .add("Driver", node.at("/gpu_hardware/driver_version").asText())
                .add("Last fault", faults.last(ages))
                .add("Measured", measured(node, ages));
    }

    private static String health(JsonNode node) {
        String reason = Tables.why(node);
        return Tables.health(node) + (reason.isEmpty() ? "" : ": " + reason);
    }

    /** Returns the number of held GPUs. If a node is not up, only the node itself knows which GPUs its tasks hold. */
    private static String allocated(JsonNode node) {
        JsonNode held = node.path("gpus_held");
        String gpus = " of %s GPUs".formatted(node.path("gpu_count").asText());
        return held.isNumber()
                ? "unknown; " + Tables.number(held) + gpus + " when the node last reported"
                : Tables.number(node.path("gpus_allocated")) + gpus;
    }

    private static String measured(JsonNode node, Ages ages) {
        return node.has("last_telemetry")
                ? "nothing now; last "
                        + ages.beside(node.at("/last_telemetry/at").asText())
                : ages.beside(node.at("/telemetry/at").asText());
    }

    /** Leaves out the reason of the cordon, which the health shows. */
    private static String cordon(JsonNode cordon, Ages ages) {
        if (cordon.isMissingNode()) {
            return "";
        }
        String until = cordon.path("until").asText();
        String drain = cordon.path("drained").asBoolean() ? ", drained" : ", draining";
        return "%s%s since %s%s"
                .formatted(
                        cordon.path("cause").asText(),
                        cordon.path("drain").asBoolean() ? drain : "",
                        ages.beside(cordon.path("since").asText()),
                        until.isEmpty() ? "" : " until " + until);
    }

    private static String gpusOut(JsonNode gpusOut, Ages ages) {
        List<String> out = new ArrayList<>();
        gpusOut.forEach(gpu -> out.add(gpu.path("gpu").asText() + " since "
                + ages.beside(gpu.path("since").asText())));
        return String.join(", ", out);
    }

    private static String slowReports(JsonNode node) {
        int reports = node.path("slow_reports").asInt();
        return reports == 0 ? "" : reports + " in a row";
    }

    private void printEarlier(NodeFaults faults) {
        if (faults.hasEarlier()) {
            out().println();
            print(faults.earlier());
        }
    }

    private void printMeasured(JsonNode node) {
        JsonNode now = node.at("/telemetry/gpus");
        JsonNode last = node.at("/last_telemetry/gpus");
        if (!now.isEmpty()) {
            out().println();
            printGpus(now);
        } else if (!last.isEmpty()) {
            long ageMs = node.at("/last_telemetry/age_seconds")
                    .decimalValue()
                    .movePointRight(3)
                    .longValue();
            out().println();
            out().println("Last known, %s ago:".formatted(Durations.human(ageMs)));
            printGpus(last);
        }
    }

    private void printGpus(JsonNode gpus) {
        var table = new Table(
                Column.right("GPU"),
                Column.right("UTIL"),
                Column.right("MEMORY"),
                Column.right("POWER"),
                Column.right("TEMP"),
                Column.right("MEM TEMP"),
                Column.right("MHZ"),
                Column.text("CLOCK EVENTS"),
                Column.right("KWH"),
                Column.right("SBE/DBE"),
                Column.right("XID"));
        for (int i = 0; i < gpus.size(); i++) {
            JsonNode gpu = gpus.get(i);
            table.row(
                    Integer.toString(i),
                    "%.0f%%".formatted(100 * gpu.path("utilization").asDouble()),
                    Sizes.human(gpu.path("memory_used_mib").asLong()),
                    "%.0f W".formatted(gpu.path("power_watts").asDouble()),
                    "%.0f C".formatted(gpu.path("temperature_celsius").asDouble()),
                    "%.0f C".formatted(gpu.at("/dcgm/memory_temp").asDouble()),
                    gpu.path("sm_clock_mhz").asText(),
                    texts(gpu.path("clock_event_reasons")),
                    "%.3f".formatted(gpu.at("/dcgm/total_energy_consumption").asDouble() / MILLIJOULES_PER_KWH),
                    gpu.at("/dcgm/ecc_sbe_vol_total").asText() + "/"
                            + gpu.at("/dcgm/ecc_dbe_vol_total").asText(),
                    xid(gpu.at("/dcgm/xid_errors").asInt()));
        }
        print(table);
    }

    private void printDevices(JsonNode gpus) {
        var table =
                new Table(Column.right("GPU"), Column.left("UUID"), Column.left("PCI BUS ID"), Column.left("SERIAL"));
        for (int i = 0; i < gpus.size(); i++) {
            JsonNode gpu = gpus.get(i);
            table.row(
                    Integer.toString(i),
                    gpu.path("uuid").asText(),
                    gpu.path("pci_bus_id").asText(),
                    gpu.path("serial").asText());
        }
        out().println();
        print(table);
    }

    private static String xid(int last) {
        return last == 0 ? "" : Integer.toString(last);
    }

    private void printTasks(JsonNode tasks) {
        var table = new Table(
                Column.left("TASK"),
                Column.right("ATTEMPT"),
                Column.left("GPUS"),
                Column.right("OF EACH"),
                Column.text("STATE"));
        for (JsonNode task : tasks) {
            table.row(
                    task.path("task_id").asText(),
                    task.path("attempt").asText(),
                    gpus(task.path("gpus")),
                    task.path("gpu_milli").asInt() / 10.0 + "%",
                    task.path("over").asBoolean() ? "ended; held until the node answers" : "current");
        }
        out().println();
        print(tasks.isEmpty() ? _ -> List.of("No tasks.") : table);
    }

    private static String gpus(JsonNode array) {
        List<Integer> gpus = new ArrayList<>();
        array.forEach(gpu -> gpus.add(gpu.asInt()));
        return GpuList.text(gpus);
    }

    private static String texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return String.join(",", texts);
    }
}
