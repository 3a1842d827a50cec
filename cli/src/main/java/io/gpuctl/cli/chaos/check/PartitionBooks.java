package io.gpuctl.cli.chaos.check;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Checks one partition number of the three topics, which contains all records about its pools. The caller passes in
 * commands first, then facts, then node commands.
 */
final class PartitionBooks {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A submission as it was written. */
    private record Submission(String taskId, String specification) {}

    private final Findings findings;
    private final Map<String, PoolBook> pools = new TreeMap<>();
    private final Map<Long, Submission> submissions = new LinkedHashMap<>();
    private final Set<String> decidedIds = new HashSet<>();
    /** The start commands that the placements in the facts require, with the place of the fact. */
    private final Map<String, String> expectedStarts = new LinkedHashMap<>();

    private long newestCause = -1;
    private long matchedStarts;
    private long pending;

    PartitionBooks(Findings findings) {
        this.findings = findings;
    }

    void command(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        JsonNode command = parse(record.value());
        if (command != null && command.path("type").asText().equals("submit_task")) {
            JsonNode task = command.path("task");
            submissions.put(record.offset(), new Submission(task.path("task_id").asText(), task.toString()));
        }
    }

    void fact(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        String place = place(record);
        JsonNode fact = parse(record.value());
        if (fact == null || !fact.path("event").isObject()) {
            return; // Not an orchestrator's record: no reader accepts it. The dead letters report it.
        }
        pools.computeIfAbsent(fact.path("pool").asText(), pool -> new PoolBook(pool, findings))
                .add(fact, place);
        JsonNode event = fact.path("event");
        JsonNode cause = fact.path("cause");
        boolean isOfCommand = cause.path("source").asText().equals("task-commands");
        if (isOfCommand) {
            newestCause = Math.max(newestCause, cause.path("offset").asLong());
        }
        switch (event.path("type").asText()) {
            case "task_submitted", "task_rejected" ->
                checkDecision(
                        event.path("task"), isOfCommand ? cause.path("offset").asLong() : -1, place);
            case "task_placed" -> expectStarts(event, place);
            default -> {}
        }
    }

    private void checkDecision(JsonNode task, long command, String place) {
        Submission submission = submissions.remove(command);
        if (submission == null) {
            if (command >= oldestCommand) {
                findings.add(
                        "submission",
                        place,
                        "no command for this decision, or the command was decided before: " + task);
            }
        } else if (!submission.specification().equals(task.toString())) {
            findings.add(
                    "submission",
                    place,
                    "submitted as %s, but decided as %s".formatted(submission.specification(), task));
        }
        decidedIds.add(task.path("task_id").asText());
    }

    private long oldestCommand;

    /** Sets the offset of the oldest command that the broker still has. */
    void commandsBeginAt(long offset) {
        oldestCommand = offset;
    }

    private void expectStarts(JsonNode event, String place) {
        for (JsonNode allocation : event.path("allocations")) {
            String start = start(event.path("task_id"), event.path("attempt"), allocation);
            if (expectedStarts.put(start, place) != null) {
                findings.add("placement", place, "placed twice: " + start);
            }
        }
    }

    private static String start(JsonNode taskId, JsonNode attempt, JsonNode allocation) {
        return "%s on node %s, incarnation %s, GPUs %s"
                .formatted(
                        PoolBook.name(taskId.asText(), attempt.asInt()),
                        allocation.path("node_id").asText(),
                        allocation.path("incarnation"),
                        allocation.path("gpus"));
    }

    /** {@code isSettled}: whether the facts that belong to the command are certain to have been read. */
    void nodeCommand(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, boolean isSettled) {
        JsonNode command = parse(record.value());
        if (command == null || !command.path("type").asText().equals("start_attempt")) {
            return;
        }
        JsonNode attempt = command.path("attempt");
        String start = start(attempt.path("task_id"), attempt.path("number"), command.path("allocation"));
        if (expectedStarts.remove(start) != null) {
            matchedStarts++;
        } else if (isSettled) {
            findings.add(
                    "placement",
                    place(record),
                    "no placement in the facts for this command, or a second command: " + start);
        }
    }

    /**
     * Completes the check after all records were passed in.
     *
     * @param refused offsets of commands that are dead letters
     * @param allStarts whether the broker still has all node commands
     */
    void close(Set<Long> refused, boolean allStarts, String partition) {
        submissions.forEach((offset, submission) -> {
            if (decidedIds.contains(submission.taskId()) || refused.contains(offset)) {
                return;
            }
            if (offset > newestCause) {
                pending++;
            } else {
                findings.add(
                        "submission",
                        "task-commands-%s@%d".formatted(partition, offset),
                        "neither accepted nor rejected: " + submission.taskId());
            }
        });
        if (allStarts) {
            expectedStarts.forEach(
                    (start, place) -> findings.add("placement", place, "no command was sent to the node: " + start));
        }
        pools.values().forEach(pool -> pool.close("cluster-events-" + partition));
    }

    private static @Nullable JsonNode parse(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            JsonNode tree = JSON.readTree(value);
            return tree == null || !tree.isObject() ? null : tree;
        } catch (JacksonException e) {
            return null; // Not a record of any type: all readers skip it.
        } catch (IOException e) {
            throw new IllegalStateException("Reading from memory cannot fail", e);
        }
    }

    private static String place(ConsumerRecord<?, ?> record) {
        return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    }

    Map<String, PoolBook> pools() {
        return pools;
    }

    long matchedStarts() {
        return matchedStarts;
    }

    long pending() {
        return pending;
    }
}
