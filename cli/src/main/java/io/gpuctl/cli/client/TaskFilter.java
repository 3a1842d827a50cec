package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Selects tasks: a mixin. An option that is not given does not filter. */
final class TaskFilter {

    @Option(
            names = "--state",
            paramLabel = "STATE",
            completionCandidates = Words.TaskStates.class,
            description = "Only tasks in this state: ${COMPLETION-CANDIDATES}.")
    private @Nullable String state;

    @Option(names = "--user", paramLabel = "NAME", description = "Only tasks of this user.")
    private @Nullable String user;

    @Option(
            names = "--pool",
            paramLabel = "NAME",
            completionCandidates = KnownIds.OfPools.class,
            description = "Only tasks of this pool.")
    private @Nullable String pool;

    @Option(
            names = "--node",
            paramLabel = "ID",
            completionCandidates = KnownIds.OfNodes.class,
            description = "Only tasks that are or were last on this node.")
    private @Nullable String node;

    /** Returns whether any option filters. */
    boolean isGiven() {
        return state != null || isByReading();
    }

    /** Returns the first matching tasks, in the order of their submission. The API itself can filter by state only. */
    List<JsonNode> read(ApiClient api, int limit) {
        Map<String, String> parameters = state == null ? Map.of() : Map.of("state", state);
        return Listing.read(api, "tasks", parameters, isByReading() ? Integer.MAX_VALUE : limit).stream()
                .filter(this::takes)
                .limit(limit)
                .toList();
    }

    /** Returns matching tasks that hold GPUs, or are about to; does not read tasks that have ended. */
    List<JsonNode> readActive(ApiClient api) {
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        for (String active : TaskDocument.ACTIVE) {
            if (state == null || state.equals(active)) {
                // A task may move to the next state between two listings, so the map drops duplicates.
                Listing.read(api, "tasks", Map.of("state", active), Integer.MAX_VALUE)
                        .forEach(task -> byId.put(task.path("task_id").asText(), task));
            }
        }
        return byId.values().stream().filter(this::takes).toList();
    }

    private boolean isByReading() {
        return user != null || pool != null || node != null;
    }

    private boolean takes(JsonNode task) {
        return (user == null || task.path("user").asText().equals(user))
                && (pool == null || task.path("pool").asText().equals(pool))
                && (node == null || isOn(task, node));
    }

    private static boolean isOn(JsonNode task, String node) {
        return StreamSupport.stream(task.path("allocations").spliterator(), false)
                .anyMatch(allocation -> allocation.path("node_id").asText().equals(node));
    }
}
