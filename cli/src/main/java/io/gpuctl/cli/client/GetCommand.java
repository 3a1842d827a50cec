package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Terminal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

        abstract View view(ApiClient api);

        @Override
        final int run(ApiClient api) throws InterruptedException {
            if (watch) {
                new Watch(out(), output.format(), Terminal.isInteractive()).show(() -> view(api));
            }
            View view = view(api);
            out().println(
                            switch (output.format()) {
                                case TABLE -> view.table();
                                case JSON, YAML -> output.format().write(view.document());
                            });
            return OK;
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

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Only tasks in this state: queued, backing_off, placed, running, preempting,"
                        + " cancelling, completed, failed, cancelled or rejected.")
        private @Nullable String state;

        @Override
        View view(ApiClient api) {
            Map<String, String> filters = state == null ? Map.of() : Map.of("state", state);
            List<JsonNode> tasks = Listing.read(api, "tasks", filters, limit.value());
            return new View("tasks", tasks, Tables.tasks(tasks));
        }
    }

    @Command(name = "task", description = "Shows one task; gpuctl describe task says more.")
    static final class OneTask extends Showing {

        @Parameters(paramLabel = "ID", description = "The task's id.")
        private String id = "";

        @Override
        View view(ApiClient api) {
            List<JsonNode> task = List.of(api.get(Query.of("/tasks/" + ApiClient.segment(id))));
            return new View("", task, Tables.tasks(task));
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

    @Command(name = "node", description = "Shows one node; gpuctl describe node says more.")
    static final class OneNode extends Showing {

        @Parameters(paramLabel = "ID", description = "The node's id.")
        private String id = "";

        @Override
        View view(ApiClient api) {
            List<JsonNode> node = List.of(api.get(Query.of("/nodes/" + ApiClient.segment(id))));
            return new View("", node, Tables.nodes(node));
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
