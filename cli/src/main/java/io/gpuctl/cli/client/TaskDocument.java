package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.units.Durations;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A task as the API tells it. What the API does not say, or a newer one says in a new way, reads as empty. */
record TaskDocument(JsonNode json) {

    /** The states in which a task has GPUs, or is about to. */
    static final List<String> ACTIVE = List.of("placed", "running", "preempting", "cancelling");

    String id() {
        return text("task_id");
    }

    /** In lower case. */
    String state() {
        return text("state");
    }

    boolean isFinal() {
        return Arrays.stream(TaskState.values())
                .filter(TaskState::isFinal)
                .anyMatch(state -> state.name().toLowerCase(Locale.ROOT).equals(state()));
    }

    boolean isCompleted() {
        return state().equals("completed");
    }

    String gpus() {
        return text("gpus");
    }

    long gpuMemoryMib() {
        return json.path("gpu_memory_mib").asLong();
    }

    int attempt() {
        return json.path("attempt").asInt();
    }

    /** Nodes and GPUs of the attempt that has GPUs, or with which the task ended; empty while it waits: {@code 3[0,1] 4[0-7]}. */
    String placement() {
        List<String> places = new ArrayList<>();
        for (JsonNode allocation : json.path("allocations")) {
            List<Integer> gpus = new ArrayList<>();
            allocation.path("gpus").forEach(gpu -> gpus.add(gpu.asInt()));
            String node = allocation.path("node_id").asText();
            places.add(gpus.isEmpty() ? node : node + "[" + GpuList.text(gpus) + "]");
        }
        return String.join(" ", places);
    }

    /** The same for a table: of a gang on more nodes than two, only how many. */
    String placementInShort() {
        int nodes = json.path("allocations").size();
        return nodes > 2 ? nodes + " nodes" : placement();
    }

    /** Whether it has GPUs, or is about to. */
    boolean isActive() {
        return ACTIVE.contains(state());
    }

    /** How long it has waited in all, between its attempts too: {@code 1m 5s}. */
    String queueTime() {
        return seconds("queue_seconds");
    }

    /** How long the attempt has run that runs, or with which the task ended; empty while the task waits. */
    String runTime() {
        return seconds("run_seconds");
    }

    /** Why it waits, or ended as it did; empty if there is nothing to say. */
    String reason() {
        String pending = json.at("/pending_reason/code").asText();
        if (!pending.isEmpty() || isCompleted()) {
            return pending;
        }
        String detail = text("end_detail");
        return detail.isEmpty() ? text("end_reason") : text("end_reason") + ": " + detail;
    }

    /** A field that is a text or a number. */
    String text(String field) {
        return json.path(field).asText();
    }

    /** A duration for people; empty if there is none. */
    String seconds(String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? Durations.human(rounded(value.decimalValue().movePointRight(3))) : "";
    }

    private static long rounded(BigDecimal millis) {
        return millis.longValue();
    }
}
