package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.units.Durations;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A task as the API describes it. Missing fields, and fields that a newer API writes differently, read as empty. */
record TaskDocument(JsonNode json) {

    /** The states in which a task has GPUs, or is about to receive them. */
    static final List<String> ACTIVE = List.of("placed", "running", "preempting", "cancelling");

    String id() {
        return text("task_id");
    }

    /** Returns the state in lower case. */
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

    /**
     * Returns the nodes and GPUs of the current attempt, or of the last one if the task has ended: {@code 3[0,1]
     * 4[0-7]}. Empty while the task waits.
     */
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

    /** Returns the placement for a table: for a gang on more than two nodes, only their number. */
    String placementInShort() {
        int nodes = json.path("allocations").size();
        return nodes > 2 ? nodes + " nodes" : placement();
    }

    /** Returns whether the task has GPUs, or is about to receive them. */
    boolean isActive() {
        return ACTIVE.contains(state());
    }

    /** Returns the total waiting time, including the time between attempts: {@code 1m 5s}. */
    String queueTime() {
        return seconds("queue_seconds");
    }

    /**
     * Returns the run time of the current attempt, or of the last one if the task has ended; empty while the task
     * waits.
     */
    String runTime() {
        return seconds("run_seconds");
    }

    /** Returns why the task waits, or why it ended; empty if there is no reason to report. */
    String reason() {
        String pending = json.at("/pending_reason/code").asText();
        if (!pending.isEmpty() || isCompleted()) {
            return pending;
        }
        String detail = text("end_detail");
        return detail.isEmpty() ? text("end_reason") : text("end_reason") + ": " + detail;
    }

    /** Returns a field that is a text or a number. */
    String text(String field) {
        return json.path(field).asText();
    }

    /** Returns a duration for people; empty if there is none. */
    String seconds(String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? Durations.human(rounded(value.decimalValue().movePointRight(3))) : "";
    }

    private static long rounded(BigDecimal millis) {
        return millis.longValue();
    }
}
