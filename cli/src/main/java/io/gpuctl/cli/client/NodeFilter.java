package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.output.NaturalOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Selects nodes: a mixin. An option that is not given does not filter. */
final class NodeFilter {

    private static final String NODE_ID = "node_id";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it.
    private CommandSpec mixee;

    @Option(
            names = "--pool",
            paramLabel = "NAME",
            completionCandidates = KnownIds.OfPools.class,
            description = "Only nodes of this pool.")
    private @Nullable String pool;

    @Option(
            names = "--rack",
            paramLabel = "RACK",
            completionCandidates = KnownIds.OfRacks.class,
            description = "Only nodes of this rack.")
    private @Nullable String rack;

    private @Nullable String health;

    @Option(
            names = "--health",
            paramLabel = "WORD",
            completionCandidates = Words.NodeHealths.class,
            description = "Only nodes of this health: ${COMPLETION-CANDIDATES}.")
    void setHealth(String word) {
        health = Words.require("--health", word, new Words.NodeHealths(), mixee.commandLine());
    }

    /** Returns the selected nodes, sorted by id. */
    List<JsonNode> read(ApiClient api) {
        return taken(Listing.read(api, "nodes", Map.of(), Integer.MAX_VALUE));
    }

    /** Returns the selected nodes with the measurements of their GPUs. */
    List<JsonNode> readMeasured(ApiClient api) {
        return taken(Listing.read(api, "nodes", Map.of("include", "telemetry"), Integer.MAX_VALUE));
    }

    private List<JsonNode> taken(List<JsonNode> nodes) {
        return nodes.stream()
                .filter(node -> isGiven(pool, node, "pool"))
                .filter(node -> isGiven(rack, node, "rack"))
                .filter(node -> isGiven(health, node, "health"))
                .sorted(Comparator.comparing(node -> node.path(NODE_ID).asText(), NaturalOrder.COMPARATOR))
                .toList();
    }

    private static boolean isGiven(@Nullable String value, JsonNode node, String field) {
        return value == null || node.path(field).asText().equals(value);
    }
}
