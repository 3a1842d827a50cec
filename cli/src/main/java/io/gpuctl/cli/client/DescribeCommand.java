package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Fields;
import io.gpuctl.cli.output.Page;
import io.gpuctl.cli.output.Screen;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.units.Cpus;
import io.gpuctl.events.units.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells all about one task or node. */
@Command(
        name = "describe",
        description = "Tells all about tasks or nodes.",
        subcommands = {DescribeCommand.OfTask.class, DescribeCommand.OfNode.class})
public final class DescribeCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "What shall be described? A task or a node");
    }

    /** What all of them have. */
    abstract static class Describing extends ClientCommand {

        /** Whether tables are cut to the terminal's width. */
        enum Form {
            TABLE,
            WIDE;

            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FORM",
                defaultValue = "table",
                description =
                        "Form of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). wide cuts nothing.")
        private Form form = Form.TABLE;

        private @Nullable Ages ages;
        private boolean hasBegun;

        /** Beside a time, how long ago it was. */
        final Ages ages(ApiClient api) {
            Ages known = ages;
            if (known == null) {
                known = Ages.of(api);
                ages = known;
            }
            return known;
        }

        /** As wide as the terminal, unless nothing is to be cut. */
        final void print(Page page) {
            var screen = form == Form.WIDE ? Screen.NONE : Screen.ofProcess();
            page.lines(screen).forEach(out()::println);
        }

        /** A blank line between one and the next. */
        final void begin() {
            if (hasBegun) {
                out().println();
            }
            hasBegun = true;
        }
    }

    @Command(
            name = "task",
            description = "Tells what a task asked for, where it is, why it waits, and all that happened to it.")
    static final class OfTask extends Describing {

        @Parameters(
                arity = "1..*",
                paramLabel = "ID",
                completionCandidates = KnownIds.OfTasks.class,
                description = "The tasks' ids.")
        private List<String> ids = List.of();

        @Override
        int run(ApiClient api) throws InterruptedException {
            return forEach(ids, id -> describe(api, id));
        }

        private void describe(ApiClient api, String id) {
            String path = "/tasks/" + ApiClient.segment(id);
            var task = new TaskDocument(api.get(Query.of(path)));
            List<JsonNode> history = new ArrayList<>();
            JsonNode lastPage = Listing.read(api, path + "/events", "events", Map.of(), Integer.MAX_VALUE, history);
            begin();
            describe(task, ages(api)).print(out());
            printReasons(task.json().at("/pending_reason/nodes_ruled_out"));
            printHistory(history);
            printOmitted(
                    lastPage.path("events_omitted").asLong(), api.address("/events?task=" + ApiClient.segment(id)));
        }

        private static Fields describe(TaskDocument task, Ages ages) {
            String gpus = task.gpus()
                    + (task.gpuMemoryMib() == 0 ? "" : " with " + Sizes.human(task.gpuMemoryMib()) + " each");
            String nodes =
                    task.json().path("max_nodes").asInt() > 1 ? ", on up to " + task.text("max_nodes") + " nodes" : "";
            return new Fields()
                    .add("Task", task.id())
                    .add("State", task.state() + (task.reason().isEmpty() ? "" : " (" + task.reason() + ")"))
                    .add("Placement", task.placement())
                    .add(
                            "Attempt",
                            "%d, requeued %s times (%s preempted), at most %s may fail"
                                    .formatted(
                                            task.attempt(),
                                            task.text("requeues"),
                                            task.text("preemptions"),
                                            task.text("max_attempts")))
                    .add("GPUs", gpus + nodes)
                    .add("GPU models", texts(task.json().path("gpu_models")))
                    .add("CPU", cores(task.json()))
                    .add("Memory", Tables.size(task.json(), "memory_mib"))
                    .add("Duration", task.seconds("duration"))
                    .add("Priority", task.text("priority"))
                    .add("User", task.text("user"))
                    .add("Pool", task.text("pool"))
                    .add("Submitted", ages.beside(task.text("submitted_at")))
                    .add("Placed", ages.beside(task.text("placed_at")))
                    .add("Started", ages.beside(task.text("started_at")))
                    .add("Finished", ages.beside(task.text("finished_at")))
                    .add("Queued for", task.queueTime())
                    .add("Ran for", task.runTime())
                    .add("Energy", energy(task.json()));
        }

        private static String energy(JsonNode task) {
            String ended = Tables.energy(task.path("energy_joules"));
            String running = Tables.estimate(task.path("running_energy_estimate_joules"));
            return running.isEmpty() ? ended : "%s by ended attempts, %s by the running one".formatted(ended, running);
        }

        private static String texts(JsonNode array) {
            List<String> texts = new ArrayList<>();
            array.forEach(text -> texts.add(text.asText()));
            return texts.isEmpty() ? "any" : String.join(", ", texts);
        }

        private void printReasons(JsonNode nodesRuledOut) {
            if (nodesRuledOut.isEmpty()) {
                return;
            }
            var table = new Table(Column.left("RULED OUT BY"), Column.right("NODES"));
            nodesRuledOut
                    .properties()
                    .forEach(entry -> table.row(entry.getKey(), entry.getValue().asText()));
            out().println();
            print(table);
        }

        /** A long history takes only what changes the task's state. */
        private void printOmitted(long facts, String stream) {
            if (facts > 0) {
                out().println();
                out().println(
                                "%d more facts, which did not change the task's state, are in the log alone. To follow all:"
                                        .formatted(facts));
                out().println("curl -N -H 'Last-Event-ID: 0-0-0-0' '%s'".formatted(stream));
            }
        }

        private void printHistory(List<JsonNode> events) {
            var table = new Table(Column.left("AT"), Column.left("EVENT"), Column.text("DETAIL"), Column.text("CAUSE"));
            for (JsonNode event : events) {
                var fact = FactText.of(event);
                table.row(fact.at(), fact.what(), fact.detail(), fact.cause());
            }
            out().println();
            print(events.isEmpty() ? _ -> List.of("No history yet.") : table);
        }
    }

    @Command(name = "node", description = "Tells what a node is made of, how its GPUs are, and what runs on it.")
    static final class OfNode extends Describing {
        private static final double MILLIJOULES_PER_KWH = 3.6e9;

        @Parameters(
                arity = "1..*",
                paramLabel = "ID",
                completionCandidates = KnownIds.OfNodes.class,
                description = "The nodes' ids.")
        private List<String> ids = List.of();

        @Override
        int run(ApiClient api) throws InterruptedException {
            return forEach(ids, id -> describe(api, id));
        }

        private void describe(ApiClient api, String id) {
            JsonNode node = api.get(Query.of("/nodes/" + ApiClient.segment(id)));
            begin();
            describe(node, ages(api)).print(out());
            printFaults(node);
            printGpus(node.at("/telemetry/gpus"));
            printTasks(node.path("tasks"));
        }

        private static Fields describe(JsonNode node, Ages ages) {
            return new Fields()
                    .add("Node", node.path("node_id").asText())
                    .add(
                            "State",
                            node.path("state").asText() + " since "
                                    + ages.beside(node.path("state_since").asText()))
                    .add("Health", Tables.health(node))
                    .add("Cordon", cordon(node.path("cordon"), ages))
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
                                            Sizes.human(
                                                    node.path("gpu_memory_mib").asLong())))
                    .add(
                            "Allocated",
                            Tables.number(node.path("gpus_allocated")) + " of "
                                    + node.path("gpu_count").asText() + " GPUs")
                    .add("CPU", cores(node))
                    .add("Memory", Tables.size(node, "memory_mib"))
                    .add("Slowdown at", Tables.number(node.path("slowdown_celsius")) + " C")
                    .add("Last fault", node.at("/last_fault/kind").asText())
                    .add("Measured", ages.beside(node.at("/telemetry/at").asText()));
        }

        private static String cordon(JsonNode cordon, Ages ages) {
            if (cordon.isMissingNode()) {
                return "";
            }
            String until = cordon.path("until").asText();
            return "%s%s since %s%s%s"
                    .formatted(
                            cordon.path("cause").asText(),
                            cordon.path("drain").asBoolean()
                                    ? cordon.path("drained").asBoolean() ? ", drained" : ", draining"
                                    : "",
                            ages.beside(cordon.path("since").asText()),
                            until.isEmpty() ? "" : " until " + until,
                            cordon.path("detail").asText().isEmpty()
                                    ? ""
                                    : ": " + cordon.path("detail").asText());
        }

        private static String slowReports(JsonNode node) {
            int reports = node.path("slow_reports").asInt();
            return reports == 0 ? "" : reports + " in a row";
        }

        private void printFaults(JsonNode node) {
            var table = new Table(Column.right("GPU"), Column.left("SINCE"), Column.text("FAULT"));
            node.path("gpus_out")
                    .forEach(out -> table.row(
                            out.path("gpu").asText(),
                            out.path("since").asText(),
                            "out: " + out.path("detail").asText()));
            node.path("last_xids")
                    .forEach(last -> table.row(
                            last.path("gpu").asInt() < 0
                                    ? "node"
                                    : last.path("gpu").asText(),
                            last.path("at").asText(),
                            "XID %s, %s"
                                    .formatted(
                                            last.path("xid").asText(),
                                            last.path("meaning").asText())));
            if (!node.path("gpus_out").isEmpty() || !node.path("last_xids").isEmpty()) {
                out().println();
                print(table);
            }
        }

        private void printGpus(JsonNode gpus) {
            if (gpus.isEmpty()) {
                return;
            }
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
                        "%.3f"
                                .formatted(
                                        gpu.at("/dcgm/total_energy_consumption").asDouble() / MILLIJOULES_PER_KWH),
                        gpu.at("/dcgm/ecc_sbe_vol_total").asText() + "/"
                                + gpu.at("/dcgm/ecc_dbe_vol_total").asText(),
                        xid(gpu.at("/dcgm/xid_errors").asInt()));
            }
            out().println();
            print(table);
        }

        private static String xid(int last) {
            return last == 0 ? "" : Integer.toString(last);
        }

        private void printTasks(JsonNode tasks) {
            var table = new Table(
                    Column.left("TASK"), Column.right("ATTEMPT"), Column.left("GPUS"), Column.right("OF EACH"));
            for (JsonNode task : tasks) {
                table.row(
                        task.path("task_id").asText(),
                        task.path("attempt").asText(),
                        gpus(task.path("gpus")),
                        task.path("gpu_milli").asInt() / 10.0 + "%");
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

    /** Empty for none. */
    private static String cores(JsonNode json) {
        long milli = json.path("cpu_milli").asLong();
        return milli == 0 ? "" : Cpus.human(milli) + " cores";
    }
}
