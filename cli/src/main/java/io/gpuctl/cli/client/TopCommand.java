package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.CommandGroup;
import io.gpuctl.cli.client.OutputOption.Form;
import io.gpuctl.cli.output.NaturalOrder;
import io.gpuctl.cli.output.Screen;
import io.gpuctl.cli.output.Terminal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Shows the current load of GPUs. */
@Command(
        name = "top",
        description = "Shows the current load of GPUs, and refreshes it: the busiest nodes, GPUs or tasks first.",
        subcommands = {TopCommand.Nodes.class, TopCommand.Gpus.class, TopCommand.Tasks.class})
public final class TopCommand extends CommandGroup {

    /** The options and output that all subcommands share. */
    abstract static class Topping extends ClientCommand {

        private static final Duration INTERVAL_MIN = Duration.ofMillis(200);

        @Mixin
        private OutputOption output = new OutputOption();

        @Mixin
        private SortOption sort = new SortOption();

        @Mixin
        private GetCommand.LimitOption limit = new GetCommand.LimitOption();

        @Option(
                names = "--once",
                description = "Show the load once, as for a pipe, a file, and every format that is not a table.")
        private boolean once;

        private Duration interval = Duration.ofSeconds(2);

        @Option(
                names = "--interval",
                paramLabel = "TIME",
                defaultValue = "2s",
                converter = QuantityConverter.OfDuration.class,
                description = "Time between two refreshes (default: ${DEFAULT-VALUE}).")
        void setInterval(Duration given) {
            if (given.compareTo(INTERVAL_MIN) < 0) {
                throw new ParameterException(
                        spec().commandLine(),
                        "--interval is %d ms, but must be at least 200ms".formatted(given.toMillis()));
            }
            interval = given;
        }

        /** Returns the entries in the order of their names. */
        abstract List<JsonNode> entries(ApiClient api);

        abstract View view(List<JsonNode> entries, boolean isWide);

        /** Returns the field by which entries are sorted. */
        abstract String weight();

        abstract String nameField();

        @Override
        final int run(ApiClient api) throws InterruptedException {
            Form form = output.form();
            boolean isTable = form == Form.TABLE || form == Form.WIDE;
            var screen = Screen.ofProcess();
            View first = view(api); // Reports errors before the screen is taken.
            if (once || !isTable || !Terminal.isInteractive()) {
                first.lines(form, screen).forEach(out()::println);
                return OK;
            }
            Runnable restore = Terminal.takeScreen(out());
            try {
                new Watch(out(), form, screen).show(() -> view(api), interval);
            } finally {
                restore.run();
            }
            return OK;
        }

        private View view(ApiClient api) {
            List<JsonNode> entries = entries(api);
            List<JsonNode> sorted = sort.isGiven() ? sort.sort(entries) : busiestFirst(entries);
            return view(sorted.stream().limit(limit.value()).toList(), output.form() == Form.WIDE);
        }

        private List<JsonNode> busiestFirst(List<JsonNode> entries) {
            return entries.stream()
                    .sorted(Comparator.comparingDouble(
                                    (JsonNode entry) -> -entry.path(weight()).asDouble(-1))
                            .thenComparing(entry -> entry.path(nameField()).asText(), NaturalOrder.COMPARATOR))
                    .toList();
        }
    }

    @Command(
            name = "nodes",
            description = {
                "Shows nodes: means and sums over their GPUs.",
                "HOT is the temperature of the hottest GPU, SLOW the number of GPUs that are slowed by heat."
            })
    static final class Nodes extends Topping {

        @Mixin
        private NodeFilter filter = new NodeFilter();

        @Override
        List<JsonNode> entries(ApiClient api) {
            return Measured.nodes(filter.readMeasured(api));
        }

        @Override
        View view(List<JsonNode> entries, boolean isWide) {
            return new View("nodes", nameField(), entries, TopTables.nodes(entries, isWide));
        }

        @Override
        String weight() {
            return "utilization";
        }

        @Override
        String nameField() {
            return "node_id";
        }
    }

    @Command(
            name = "gpus",
            description = {
                "Shows GPUs, each as NODE/INDEX.",
                "LIMIT is what limits the clock, heat or power, or why nothing is measured."
            })
    static final class Gpus extends Topping {

        @Mixin
        private NodeFilter filter = new NodeFilter();

        @Override
        List<JsonNode> entries(ApiClient api) {
            return Measured.gpus(filter.readMeasured(api));
        }

        @Override
        View view(List<JsonNode> entries, boolean isWide) {
            return new View("gpus", nameField(), entries, TopTables.gpus(entries, isWide));
        }

        @Override
        String weight() {
            return "utilization";
        }

        @Override
        String nameField() {
            return "id";
        }
    }

    @Command(
            name = "tasks",
            description = {
                "Shows the tasks that hold GPUs, and the load of these GPUs: tasks with the highest power first.",
                "If several tasks share a GPU, each has the same part of the power as of the GPU: an estimate, marked with ~."
            })
    static final class Tasks extends Topping {

        @Mixin
        private TaskFilter filter = new TaskFilter();

        @Override
        List<JsonNode> entries(ApiClient api) {
            return Measured.tasks(filter.readActive(api), new NodeFilter().readMeasured(api));
        }

        @Override
        View view(List<JsonNode> entries, boolean isWide) {
            return new View("tasks", nameField(), entries, TopTables.tasks(entries, isWide));
        }

        @Override
        String weight() {
            return "power_watts";
        }

        @Override
        String nameField() {
            return "task_id";
        }
    }
}
