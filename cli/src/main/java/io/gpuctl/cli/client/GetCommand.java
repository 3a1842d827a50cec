package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.CommandGroup;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.client.OutputOption.Form;
import io.gpuctl.cli.output.Screen;
import io.gpuctl.cli.output.Terminal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows tasks, nodes, users and the cluster. */
@Command(
        name = "get",
        description = "Shows tasks, nodes, users or the cluster.",
        subcommands = {
            GetCommand.Tasks.class,
            GetCommand.OneTask.class,
            GetCommand.Nodes.class,
            GetCommand.OneNode.class,
            GetCommand.Users.class,
            GetCommand.Status.class
        })
public final class GetCommand extends CommandGroup {

    private static final String TASK_ID = "task_id";
    private static final String NODE_ID = "node_id";

    /** The options and output that all subcommands share. */
    abstract static class Showing extends ClientCommand {

        @Mixin
        private OutputOption output = new OutputOption();

        @Option(
                names = {"-w", "--watch"},
                description = "Refresh each second: a terminal is redrawn, a pipe gets only what has changed.")
        private boolean watch;

        private int exitCode = OK;

        abstract View view(ApiClient api) throws InterruptedException;

        @Override
        final int run(ApiClient api) throws InterruptedException {
            var screen = Screen.ofProcess();
            if (watch) {
                new Watch(out(), output.form(), Terminal.isInteractive() ? screen : null).show(() -> view(api));
            }
            View view = view(api);
            if (output.form() == Form.NAME && view.idField().isEmpty()) {
                throw new ParameterException(
                        spec().commandLine(), "-o name is only for tasks, nodes and users, which have ids");
            }
            if (exitCode == OK || !view.entries().isEmpty()) {
                view.lines(output.form(), screen).forEach(out()::println);
            }
            return exitCode;
        }

        final boolean isWatching() {
            return watch;
        }

        /** Returns whether the table has all of its columns. */
        final boolean isWide() {
            return output.form() == Form.WIDE;
        }

        /**
         * Returns the documents with these ids. Leaves out documents that the API refuses; the exit code reports the
         * refusal.
         */
        final List<JsonNode> readEach(ApiClient api, String path, List<String> ids) throws InterruptedException {
            List<JsonNode> documents = new ArrayList<>();
            Work read = id -> documents.add(api.get(Query.of(path + ApiClient.segment(id))));
            if (watch) {
                for (String id : ids) {
                    read.on(id); // A refusal ends the watch, or it would be reported each second.
                }
            } else {
                exitCode = forEach(ids, read);
            }
            return documents;
        }
    }

    /** The maximum number of entries that are shown: a mixin. */
    static final class LimitOption {

        @Spec(Spec.Target.MIXEE)
        @SuppressWarnings("NullAway.Init") // picocli injects it.
        private CommandSpec mixee;

        private int limit = Integer.MAX_VALUE;

        @Option(names = "--limit", paramLabel = "N", description = "Only the first N (default: all).")
        void setLimit(int given) {
            if (given < 1) {
                throw new ParameterException(
                        mixee.commandLine(), "--limit is %d, but must be at least 1".formatted(given));
            }
            limit = given;
        }

        int value() {
            return limit;
        }
    }

    @Command(
            name = "tasks",
            description = {
                "Shows tasks in the order of their submission; with --watch, running tasks come first, then waiting"
                        + " tasks, then the newest ended tasks.",
                "For example: gpuctl get tasks --user ann --state queued -o name"
            })
    static final class Tasks extends Showing {

        @Mixin
        private LimitOption limit = new LimitOption();

        @Mixin
        private TaskFilter filter = new TaskFilter();

        @Mixin
        private SortOption sort = new SortOption();

        @Override
        View view(ApiClient api) {
            boolean isReordered = isWatching() || sort.isGiven();
            List<JsonNode> read = filter.read(api, isReordered ? Integer.MAX_VALUE : limit.value());
            List<JsonNode> tasks = (isWatching() && !sort.isGiven() ? activeFirst(read) : sort.sort(read))
                    .stream().limit(limit.value()).toList();
            return new View("tasks", TASK_ID, tasks, Tables.tasks(tasks, isWide()));
        }

        /**
         * Returns active tasks first: a screen is shorter than a history, and a watching user wants to see what is
         * happening.
         */
        static List<JsonNode> activeFirst(List<JsonNode> tasks) {
            Comparator<TaskDocument> byStage =
                    Comparator.comparingInt(task -> task.isActive() ? 0 : task.isFinal() ? 2 : 1);
            Comparator<TaskDocument> newestEndFirst = Comparator.comparing(
                            (TaskDocument task) -> task.text("finished_at"))
                    .reversed();
            return tasks.stream()
                    .map(TaskDocument::new)
                    .sorted(byStage.thenComparing(newestEndFirst))
                    .map(TaskDocument::json)
                    .toList();
        }
    }

    @Command(name = "task", description = "Shows tasks by their ids; gpuctl describe task shows more.")
    static final class OneTask extends Showing {

        @Parameters(
                arity = "1..*",
                paramLabel = "ID",
                completionCandidates = KnownIds.OfTasks.class,
                description = "The tasks' ids.")
        private List<String> ids = List.of();

        @Override
        View view(ApiClient api) throws InterruptedException {
            List<JsonNode> tasks = readEach(api, "/tasks/", ids);
            return new View(ids.size() == 1 ? "" : "tasks", TASK_ID, tasks, Tables.tasks(tasks, isWide()));
        }
    }

    @Command(name = "nodes", description = "Shows nodes by their ids.")
    static final class Nodes extends Showing {

        @Mixin
        private LimitOption limit = new LimitOption();

        @Mixin
        private SortOption sort = new SortOption();

        @Mixin
        private NodeFilter filter = new NodeFilter();

        @Override
        View view(ApiClient api) {
            List<JsonNode> nodes =
                    sort.sort(filter.read(api)).stream().limit(limit.value()).toList();
            return new View("nodes", NODE_ID, nodes, Tables.nodes(nodes, isWide()));
        }
    }

    @Command(name = "node", description = "Shows nodes by their ids; gpuctl describe node shows more.")
    static final class OneNode extends Showing {

        @Parameters(
                arity = "1..*",
                paramLabel = "ID",
                completionCandidates = KnownIds.OfNodes.class,
                description = "The nodes' ids.")
        private List<String> ids = List.of();

        @Override
        View view(ApiClient api) throws InterruptedException {
            List<JsonNode> nodes = readEach(api, "/nodes/", ids);
            return new View(ids.size() == 1 ? "" : "nodes", NODE_ID, nodes, Tables.nodes(nodes, isWide()));
        }
    }

    @Command(
            name = "users",
            description = {
                "Shows the GPUs and the energy of each user's tasks, and how the tasks ended, by pool.",
                "ENERGY is the energy of ended attempts, as their nodes reported it; OF RUNNING is an estimate from the"
                        + " last measured power."
            })
    static final class Users extends Showing {

        @Mixin
        private LimitOption limit = new LimitOption();

        @Mixin
        private SortOption sort = new SortOption();

        @Override
        View view(ApiClient api) {
            List<JsonNode> users = sort
                    .sort(Listing.read(api, "users", Map.of(), sort.isGiven() ? Integer.MAX_VALUE : limit.value()))
                    .stream()
                    .limit(limit.value())
                    .toList();
            return new View("users", "user", users, Tables.users(users, isWide()));
        }
    }

    @Command(name = "status", description = "Shows the cluster as a whole; -o json shows all of its numbers.")
    static final class Status extends Showing {

        @Override
        View view(ApiClient api) {
            JsonNode status = api.get(Query.of("/cluster/status"));
            return new View("", "", List.of(status), StatusPage.of(status));
        }
    }
}
