package io.gpuctl.cli.chaos.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.cli.chaos.check.CheckReport;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the ledger with the tasks in the log and the tasks that the API shows. Every acknowledged task must exist
 * once, with the same content, and must have ended. A refused task must not exist. A task without a clear answer may
 * exist once at most. No other task may exist.
 */
public final class LedgerCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<Found>> byUser = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    /** A task in the log. */
    private record Found(String taskId, CheckReport.Task task, JsonNode specification) {}

    private LedgerCheck(CheckReport log) {
        log.tasks().forEach((id, owners) -> owners.forEach(task -> add(id, task)));
    }

    private void add(String id, CheckReport.Task task) {
        try {
            JsonNode specification = JSON.readTree(task.specification());
            byUser.computeIfAbsent(specification.path("user").asText(), user -> new ArrayList<>(1))
                    .add(new Found(id, task, specification));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the broken guarantees, for people; empty if the cluster kept all of them.
     *
     * @param shown state by id of all tasks that the API lists
     */
    public static List<String> run(Ledger ledger, CheckReport log, Map<String, String> shown) {
        var check = new LedgerCheck(log);
        check.broken.addAll(ledger.brokenByAnswers());
        ledger.claims().forEach(check::check);
        check.checkShown(log, shown);
        return check.broken;
    }

    private void check(Claim claim) {
        List<Found> found = byUser.getOrDefault(claim.user, List.of());
        if (found.size() > 1) {
            broken.add("exists %d times: %s".formatted(found.size(), claim));
        }
        if (found.isEmpty()) {
            if (claim.isAcknowledged()) {
                broken.add("acknowledged, but missing: " + claim);
            }
            return;
        }
        Found task = found.getFirst();
        if (claim.isAcknowledged() || claim.isInDoubt()) {
            checkContent(claim, task);
        } else if (!task.task().state().equals("rejected")) {
            broken.add("refused, but exists (%s): %s".formatted(task.task().state(), claim));
        }
        if (!claim.body.isLegal()) {
            broken.add("not legal, but exists: " + claim);
        }
        if (!task.task().isFinal()) {
            broken.add("has not ended, but is %s: %s".formatted(task.task().state(), claim));
        }
    }

    private void checkContent(Claim claim, Found found) {
        JsonNode gpus = found.specification().path("gpus");
        long milli = gpus.path("count").asLong() * gpus.path("milli").asLong();
        long durationMs = found.specification().path("work").path("duration_ms").asLong();
        boolean isSame = (claim.taskId == null || claim.taskId.equals(found.taskId()))
                && milli == claim.body.gpuMilli()
                && durationMs == claim.body.durationMs()
                && found.specification().path("priority").asText().equals(claim.body.priority());
        if (!isSame) {
            broken.add("differs from the submission, %s: %s, sent as %s"
                    .formatted(found.specification(), claim, claim.body.json()));
        }
    }

    private void checkShown(CheckReport log, Map<String, String> shown) {
        log.tasks().forEach((id, owners) -> {
            String state = shown.get(id);
            if (owners.stream().noneMatch(owner -> owner.state().equals(state))) {
                broken.add("the API shows task %s as %s, but in the log it is %s"
                        .formatted(
                                id,
                                state,
                                owners.stream().map(CheckReport.Task::state).toList()));
            }
        });
        shown.keySet().stream()
                .filter(id -> !log.tasks().containsKey(id))
                .forEach(id -> broken.add("the API shows task %s, which the log does not have".formatted(id)));
    }
}
