package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.StandardOutput;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a node out of service, or puts it back. */
public abstract class NodeServiceCommand extends ClientCommand {

    /** How long a change may go unseen. */
    private static final Duration PERIOD = Duration.ofMillis(200);

    @Parameters(paramLabel = "NODE", description = "The node's id.")
    private String id = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown with the node.")
    private @Nullable String reason;

    /** The last part of the route. */
    abstract String action();

    /** Whether a node is as it was asked for. */
    abstract boolean isDone(JsonNode node);

    abstract boolean waits();

    @Override
    final int run(ApiClient api) throws InterruptedException {
        String path = "/nodes/" + ApiClient.segment(id);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (reason != null) {
            body.put("reason", reason);
        }
        JsonNode node = api.post(Query.of(path + "/" + action()), body, Map.of());
        if (!waits()) {
            out().println(Printable.line(
                    "node %s: asked to %s; it was %s".formatted(id, action(), Tables.health(node))));
            return OK;
        }
        while (!isDone(node)) {
            StandardOutput.pause(PERIOD);
            node = api.get(Query.of(path));
        }
        out().println(Printable.line("node %s is %s".formatted(id, Tables.health(node))));
        return OK;
    }

    private static boolean isOperators(JsonNode node) {
        return node.at("/cordon/cause").asText().equals("operator");
    }

    /** {@code gpuctl cordon}. */
    @Command(
            name = "cordon",
            description = {
                "Cordons a node: it gets no new tasks, and what runs there goes on.",
                "For example: gpuctl cordon 7 --reason 'fan is loud'"
            })
    public static final class Cordon extends NodeServiceCommand {

        @Option(names = "--wait", description = "Wait until the node is cordoned.")
        private boolean wait;

        @Override
        String action() {
            return "cordon";
        }

        @Override
        boolean isDone(JsonNode node) {
            return isOperators(node);
        }

        @Override
        boolean waits() {
            return wait;
        }
    }

    /** {@code gpuctl drain}. */
    @Command(
            name = "drain",
            description = {
                "Drains a node: it gets no new tasks, and those that run there are stopped, to go on elsewhere from what"
                        + " they have saved.",
                "For example: gpuctl drain 7 --wait"
            })
    public static final class Drain extends NodeServiceCommand {

        @Option(names = "--wait", description = "Wait until nothing is left on the node.")
        private boolean wait;

        @Override
        String action() {
            return "drain";
        }

        @Override
        boolean isDone(JsonNode node) {
            return isOperators(node) && node.at("/cordon/drained").asBoolean();
        }

        @Override
        boolean waits() {
            return wait;
        }
    }

    /** {@code gpuctl uncordon}. */
    @Command(name = "uncordon", description = "Puts a node back: it gets tasks again, whoever or whatever cordoned it.")
    public static final class Uncordon extends NodeServiceCommand {

        @Option(names = "--wait", description = "Wait until the node is not cordoned any more.")
        private boolean wait;

        @Override
        String action() {
            return "uncordon";
        }

        @Override
        boolean isDone(JsonNode node) {
            return node.path("cordon").isMissingNode();
        }

        @Override
        boolean waits() {
            return wait;
        }
    }
}
