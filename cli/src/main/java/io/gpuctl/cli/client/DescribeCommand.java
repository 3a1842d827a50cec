package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.CommandGroup;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Describes tasks and nodes in full detail. */
@Command(
        name = "describe",
        description = "Shows all details of tasks or nodes.",
        subcommands = {DescribeCommand.OfTask.class, DescribeNode.class})
public final class DescribeCommand extends CommandGroup {

    /** The options and output that all subcommands share. */
    abstract static class Describing extends ClientCommand {
        private static final int CAUSES_FROM_COLUMNS = 120;

        /** The width of tables: cut to the terminal's width, or unlimited. */
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
                paramLabel = "FORMAT",
                defaultValue = "table",
                description =
                        "Format of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). wide does not shorten texts.")
        private Form form = Form.TABLE;

        private @Nullable Ages ages;
        private boolean hasBegun;

        /** Formats times together with how long ago they were. */
        final Ages ages(ApiClient api) {
            Ages known = ages;
            if (known == null) {
                known = Ages.of(api);
                ages = known;
            }
            return known;
        }

        /** Returns a screen as wide as the terminal; unlimited for {@code -o wide}. */
        private Screen screen() {
            return form == Form.WIDE ? Screen.NONE : Screen.ofProcess();
        }

        final void print(Page page) {
            page.lines(screen()).forEach(out()::println);
        }

        final void printHistory(List<JsonNode> events) {
            out().println();
            print(events.isEmpty() ? _ -> List.of("No history yet.") : history(events, screen()));
        }

        /** Leaves out the causes on a narrow terminal, where the details need the space. */
        static Page history(List<JsonNode> events, Screen screen) {
            boolean hasCauses = screen.columns() >= CAUSES_FROM_COLUMNS;
            var columns = new ArrayList<>(List.of(Column.left("AT"), Column.left("EVENT"), Column.text("DETAIL")));
            if (hasCauses) {
                columns.add(Column.text("CAUSE"));
            }
            var table = new Table(columns.toArray(Column[]::new));
            for (JsonNode event : events) {
                var fact = FactText.of(event);
                var cells = new ArrayList<>(List.of(fact.at(), fact.what(), fact.detail()));
                if (hasCauses) {
                    cells.add(fact.cause());
                }
                table.row(cells.toArray(String[]::new));
            }
            return table;
        }

        /** Starts the output for one entry, with a blank line between entries. */
        final void begin() {
            if (hasBegun) {
                out().println();
            }
            hasBegun = true;
        }
    }

    @Command(name = "task", description = "Shows what a task asked for, where it runs, why it waits, and its history.")
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

        /** Prints how many facts are missing: a long history shows only facts that changed the task's state. */
        private void printOmitted(long facts, String stream) {
            if (facts > 0) {
                out().println();
                out().println(
                                "%d more facts, which did not change the task's state, are only in the log. To follow all facts:"
                                        .formatted(facts));
                out().println("curl -N -H 'Last-Event-ID: 0-0-0-0' '%s'".formatted(stream));
            }
        }
    }

    /** Returns a number of cores; empty for none. */
    static String cores(JsonNode json) {
        long milli = json.path("cpu_milli").asLong();
        return milli == 0 ? "" : Cpus.human(milli) + " cores";
    }
}
