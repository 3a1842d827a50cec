package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.NaturalOrder;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.StandardOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Takes nodes out of service, or puts them back. */
public abstract class NodeServiceCommand extends ClientCommand {

    /** The longest delay until a change is seen. */
    private static final Duration PERIOD = Duration.ofMillis(200);

    @Parameters(
            arity = "0..*",
            paramLabel = "NODE",
            completionCandidates = KnownIds.OfNodes.class,
            description = "The nodes' ids.")
    private List<String> ids = List.of();

    @Option(
            names = "--rack",
            paramLabel = "RACK",
            completionCandidates = KnownIds.OfRacks.class,
            description = "All nodes of this rack; gpuctl get nodes shows racks.")
    private @Nullable String rack;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Reason, which is shown with the node.")
    private @Nullable String reason;

    /** Whether a node is as the command wants it; null if the command does not wait for that. */
    private @Nullable Predicate<JsonNode> goal;

    /** Sets whether the command waits, and what for. */
    final void waitFor(boolean waits, Predicate<JsonNode> nodesGoal) {
        goal = waits ? nodesGoal : null;
    }

    /** The name of the command, which is also the last part of the route. */
    private String action() {
        return spec().name();
    }

    @Override
    final int run(ApiClient api) throws InterruptedException {
        if (ids.isEmpty() == (rack == null)) {
            throw new ParameterException(spec().commandLine(), "Give the ids of nodes, or --rack RACK");
        }
        List<String> nodes = rack == null ? ids : idsOfRack(api, rack);
        Predicate<JsonNode> awaited = goal;
        // Send all requests before waiting, so that no selected node receives tasks that leave another one.
        List<String> asked = new ArrayList<>();
        int exitCode = forEach(nodes, id -> ask(api, id), (id, node) -> {
            asked.add(id);
            if (awaited == null) {
                out().println(Printable.line(
                        "node %s: asked to %s; it was %s".formatted(id, action(), Tables.health(node))));
            }
        });
        return awaited == null ? exitCode : Math.max(exitCode, forEach(asked, id -> await(api, id, awaited)));
    }

    private static List<String> idsOfRack(ApiClient api, String rack) {
        List<String> ids = Listing.read(api, "nodes", Map.of(), Integer.MAX_VALUE).stream()
                .filter(node -> node.path("rack").asText().equals(rack))
                .map(node -> node.path("node_id").asText())
                .sorted(NaturalOrder.COMPARATOR)
                .toList();
        if (ids.isEmpty()) {
            throw new CommandFailedException(
                    "There are no nodes in rack %s; gpuctl get nodes shows racks".formatted(rack));
        }
        return ids;
    }

    private JsonNode ask(ApiClient api, String id) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (reason != null) {
            body.put("reason", reason);
        }
        return api.post(Query.of(path(id) + "/" + action()), body, Map.of());
    }

    private void await(ApiClient api, String id, Predicate<JsonNode> awaited) throws InterruptedException {
        JsonNode node = api.get(Query.of(path(id)));
        while (!awaited.test(node)) {
            StandardOutput.pause(PERIOD);
            node = api.get(Query.of(path(id)));
        }
        out().println(Printable.line("node %s is %s".formatted(id, Tables.health(node))));
    }

    private static String path(String id) {
        return "/nodes/" + ApiClient.segment(id);
    }

    private static boolean isOperators(JsonNode node) {
        return node.at("/cordon/cause").asText().equals("operator");
    }

    /** {@code gpuctl cordon}. */
    @Command(
            name = "cordon",
            description = {
                "Cordons nodes: they get no new tasks, and running tasks continue.",
                "For example: gpuctl cordon 7 8 --reason 'fan is loud'"
            })
    public static final class Cordon extends NodeServiceCommand {

        @Option(names = "--wait", description = "Wait until the nodes are cordoned.")
        void setWait(boolean waits) {
            waitFor(waits, NodeServiceCommand::isOperators);
        }
    }

    /** {@code gpuctl drain}. */
    @Command(
            name = "drain",
            description = {
                "Drains nodes: they get no new tasks, and running tasks are stopped and continue on other nodes from"
                        + " their last checkpoint.",
                "For example: gpuctl drain 7 --wait, gpuctl drain --rack r2"
            })
    public static final class Drain extends NodeServiceCommand {

        @Option(names = "--wait", description = "Wait until no task is left on the nodes.")
        void setWait(boolean waits) {
            waitFor(
                    waits,
                    node -> isOperators(node) && node.at("/cordon/drained").asBoolean());
        }
    }

    /** {@code gpuctl uncordon}. */
    @Command(
            name = "uncordon",
            description = "Uncordons nodes: they get tasks again, whatever the cause of the cordon was.")
    public static final class Uncordon extends NodeServiceCommand {

        @Option(names = "--wait", description = "Wait until the nodes are no longer cordoned.")
        void setWait(boolean waits) {
            waitFor(waits, node -> node.path("cordon").isMissingNode());
        }
    }
}
