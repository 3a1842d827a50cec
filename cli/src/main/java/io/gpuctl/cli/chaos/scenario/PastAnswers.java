package io.gpuctl.cli.chaos.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.chaos.client.ApiClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers about the past, for a later comparison: ended tasks and the histories of tasks and nodes must not change any
 * more. A later build may add to these answers, but not change them.
 */
final class PastAnswers {
    private static final int TASKS_MAX = 40;
    private static final Set<String> FINAL = Set.of("completed", "failed", "cancelled");

    private final Map<String, JsonNode> answers = new LinkedHashMap<>();

    /** Reads the tasks that have ended by now, and the histories of the nodes. */
    PastAnswers(Stage stage, ApiClient api) {
        api.tasks().entrySet().stream()
                .filter(task -> FINAL.contains(task.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .limit(TASKS_MAX)
                .forEach(id -> {
                    remember(stage, api, "/tasks/" + id);
                    remember(stage, api, "/tasks/%s/events".formatted(id));
                });
        answer(stage, api, "/nodes")
                .path("nodes")
                .forEach(node -> remember(
                        stage,
                        api,
                        "/nodes/%s/events".formatted(node.path("node_id").asText())));
    }

    int count() {
        return answers.size();
    }

    private void remember(Stage stage, ApiClient api, String path) {
        answers.put(path, answer(stage, api, path));
    }

    /** Retries until there is an answer: while partitions move, some answers are 503. */
    private static JsonNode answer(Stage stage, ApiClient api, String path) {
        List<JsonNode> answers = new ArrayList<>(1);
        stage.until("%s answers GET %s".formatted(api.address(), path), () -> {
            ApiClient.Answer answer = api.get(path);
            if (answer.status() == 200 || answer.status() == 404) {
                answers.add(answer.json());
                return true;
            }
            return false;
        });
        return answers.getFirst();
    }

    /** Returns the answers that have changed, for people; empty if none have. */
    List<String> changed(Stage stage, ApiClient api) {
        List<String> changed = new ArrayList<>();
        answers.forEach((path, before) -> {
            JsonNode now = answer(stage, api, path);
            if (!isKept(before, now)) {
                changed.add("%s answers GET %s with %s, but answered with %s before"
                        .formatted(api.address(), path, now, before));
            }
        });
        return changed;
    }

    /**
     * Returns whether all earlier content is still there; new fields, and new entries at the end of lists, are allowed.
     */
    static boolean isKept(JsonNode before, JsonNode now) {
        if (before.isObject()) {
            return now.isObject()
                    && before.properties().stream()
                            .allMatch(field ->
                                    now.has(field.getKey()) && isKept(field.getValue(), now.path(field.getKey())));
        }
        if (before.isArray()) {
            for (int i = 0; i < before.size(); i++) {
                if (!now.has(i) || !isKept(before.get(i), now.get(i))) {
                    return false;
                }
            }
            return now.isArray();
        }
        return before.equals(now);
    }
}
