package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Terminal;
import java.util.ArrayList;
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
public final class GetCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "What shall be shown? One of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** What all of them have. */
    abstract static class Showing extends ClientCommand {

        @Mixin
        private OutputOption output = new OutputOption();

        @Option(
                names = {"-w", "--watch"},
                description = "Show it again each second: a terminal redraws, a pipe gets what has changed.")
        private boolean watch;

        private int exitCode = OK;

        abstract View view(ApiClient api) throws InterruptedException;

        @Override
        final int run(ApiClient api) throws InterruptedException {
            if (watch) {
                new Watch(out(), output.format(), Terminal.isInteractive()).show(() -> view(api));
            }
            View view = view(api);
            if (exitCode == OK || !view.entries().isEmpty()) {
                out().println(
                                switch (output.format()) {
                                    case TABLE -> view.table();
                                    case JSON, YAML -> output.format().write(view.document());
                                });
            }
            return exitCode;
        }

        /** The documents with these ids; without those that the API refuses, which the exit code tells. */
        final List<JsonNode> readEach(ApiClient api, String path, List<String> ids) throws InterruptedException {
            List<JsonNode> documents = new ArrayList<>();
            Work read = id -> documents.add(api.get(Query.of(path + ApiClient.segment(id))));
            if (watch) {
                for (String id : ids) {
                    read.on(id); // A refusal ends the watch, instead of being told each second.
                }
            } else {
                exitCode = forEach(ids, read);
            }
            return documents;
        }
    }

    /** How many entries are shown: a mixin. */
    static final class LimitOption {

        @Spec(Spec.Target.MIXEE)
        @SuppressWarnings("NullAway.Init") // picocli injects it.
        private CommandSpec mixee;

        private int limit = Integer.MAX_VALUE;

        @Option(names = "--limit", paramLabel = "N", description = "The first N only (default: all).")
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

    @Command(name = "tasks", description = "Shows all tasks, in the order of their submission.")
    static final class Tasks extends Showing {

        @Mixin
        private LimitOption limit = new LimitOption();

        @Mixin
        private TaskFilter filter = new TaskFilter();

        @Override
        View view(ApiClient api) {
            List<JsonNode> tasks = filter.read(api, limit.value());
            return new View("tasks", tasks, Tables.tasks(tasks));
        }
    }

    @Command(name = "task", description = "Shows tasks by their ids; gpuctl describe task says more.")
    static final class OneTask extends Showing {

        @Parameters(arity = "1..*", paramLabel = "ID", description = "The tasks' ids.")
        private List<String> ids = List.of();

        @Override
        View view(ApiClient api) throws InterruptedException {
            List<JsonNode> tasks = readEach(api, "/tasks/", ids);
            return new View(ids.size() == 1 ? "" : "tasks", tasks, Tables.tasks(tasks));
        }
    }

    @Command(name = "nodes", description = "Shows all nodes.")
    static final class Nodes extends Showing {

        @Mixin
        private LimitOption limit = new LimitOption();

        @Override
        View view(ApiClient api) {
            List<JsonNode> nodes = Listing.read(api, "nodes", Map.of(), limit.value());
            return new View("nodes", nodes, Tables.nodes(nodes));
        }
    }

    @Command(name = "node", description = "Shows nodes by their ids; gpuctl describe node says more.")
    static final class OneNode extends Showing {

        @Parameters(arity = "1..*", paramLabel = "ID", description = "The nodes' ids.")
        private List<String> ids = List.of();

        @Override
        View view(ApiClient api) throws InterruptedException {
            List<JsonNode> nodes = readEach(api, "/nodes/", ids);
            return new View(ids.size() == 1 ? "" : "nodes", nodes, Tables.nodes(nodes));
        }
    }

    @Command(name = "users", description = "Shows what each user's tasks have drawn, and how they ended, by pool.")
    static final class Users extends Showing {

        @Mixin
        private LimitOption limit = new LimitOption();

        @Override
        View view(ApiClient api) {
            List<JsonNode> users = Listing.read(api, "users", Map.of(), limit.value());
            return new View("users", users, Tables.users(users));
        }
    }

    @Command(name = "status", description = "Shows the cluster as a whole.")
    static final class Status extends Showing {

        @Override
        View view(ApiClient api) {
            JsonNode status = api.get(Query.of("/cluster/status"));
            return new View("", List.of(status), Tables.status(status));
        }
    }
}
