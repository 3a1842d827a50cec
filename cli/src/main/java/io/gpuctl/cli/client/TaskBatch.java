package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Consecutive tasks that are submitted in one request, as JSON Lines. */
public final class TaskBatch {

    /** Few enough that the user sees progress, and that a repeated request is soon done. */
    private static final int TASKS_MAX = 1_000;

    /** Half of what the API accepts, because the last task may be large. */
    private static final int BYTES_MAX = 4 << 20;

    private final String idempotencyKey = UUID.randomUUID().toString();
    private final List<String> lines = new ArrayList<>();
    private int bytes;

    /** Returns whether another task may be added. */
    public boolean hasRoom() {
        return lines.size() < TASKS_MAX && bytes < BYTES_MAX;
    }

    /** Adds a task with the fields of {@code POST /tasks}. */
    public void add(JsonNode task) {
        String line = task.toString();
        bytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
        lines.add(line);
    }

    public int size() {
        return lines.size();
    }

    /** Determines the ids of tasks that have none: if the batch is sent again, its tasks are the same tasks. */
    String idempotencyKey() {
        return idempotencyKey;
    }

    String toJsonLines() {
        return String.join("\n", lines) + "\n";
    }
}
