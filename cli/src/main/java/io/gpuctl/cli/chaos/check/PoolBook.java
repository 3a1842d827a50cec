package io.gpuctl.cli.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.chaos.check.TaskBook.Part;
import io.gpuctl.cli.chaos.check.TaskBook.State;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Applies the facts of one pool independently of the orchestrator, and checks sequence numbers, the legal steps of each
 * task, and which attempt holds which GPU.
 */
final class PoolBook {
    private static final Set<State> WAITING = EnumSet.of(State.QUEUED, State.BACKING_OFF);
    private static final Set<State> UNDISTURBED = EnumSet.of(State.PLACED, State.RUNNING);
    private static final Set<State> ACTIVE = EnumSet.of(State.PLACED, State.RUNNING, State.PREEMPTING);
    private static final Set<State> STARTED = EnumSet.of(State.RUNNING, State.PREEMPTING, State.CANCELLING);
    private static final Set<State> HOLDING =
            EnumSet.of(State.PLACED, State.RUNNING, State.PREEMPTING, State.CANCELLING);
    private static final Set<State> CANCELLABLE = EnumSet.of(State.QUEUED, State.BACKING_OFF, State.CANCELLING);

    private final String pool;
    private final Findings findings;
    private final Map<String, TaskBook> tasks = new LinkedHashMap<>();
    private final NodeBooks nodes = new NodeBooks();
    private final Map<String, Long> unknownTypes = new TreeMap<>();
    private long sequence;
    private long atMs = Long.MIN_VALUE;
    /** The number of ended tasks that the orchestrator remembers; a forgotten id may be used again. */
    private long finishedTasksKept = Long.MAX_VALUE;
    /** For how long the orchestrator remembers an ended task; 0 for ever. */
    private long finishedTasksKeptMs;

    private long decided;
    private long ended;
    private long forgotten;

    PoolBook(String pool, Findings findings) {
        this.pool = pool;
        this.findings = findings;
    }

    /** Applies a fact. An illegal fact is a finding and changes nothing. */
    void add(JsonNode fact, String place) {
        checkSequence(fact, place);
        JsonNode event = fact.path("event");
        try {
            change(event, event.path("type").asText());
        } catch (IllegalStepException e) {
            findings.add("step", place, "%s: %s".formatted(e.getMessage(), event));
        }
    }

    private void checkSequence(JsonNode fact, String place) {
        long number = fact.path("sequence").asLong();
        if (number != sequence + 1) {
            findings.add("sequence", place, "pool %s: fact %d follows fact %d".formatted(pool, number, sequence));
        }
        sequence = number;
        long time = fact.path("at_ms").asLong();
        boolean isSetBack = fact.path("event").path("type").asText().equals("clock_set_back");
        if (time < atMs && !isSetBack) {
            findings.add("sequence", place, "pool %s: time goes back from %d to %d".formatted(pool, atMs, time));
        }
        atMs = time;
    }

    private void change(JsonNode event, String type) {
        switch (type) {
            case "pool_configured" -> {
                JsonNode settings = event.path("settings");
                finishedTasksKept = settings.path("finished_tasks_kept").asLong(Long.MAX_VALUE);
                finishedTasksKeptMs = settings.path("finished_tasks_kept_ms").asLong(0);
            }
            case "orchestrator_started", "scheduler_ran", "clock_set_back" -> {}
            case "task_submitted" -> decide(event.path("task"), State.QUEUED);
            case "task_rejected" -> decide(event.path("task"), State.REJECTED);
            case "pending_reason_changed" -> require(event, WAITING);
            case "retry_due" -> require(event, EnumSet.of(State.BACKING_OFF)).state = State.QUEUED;
            case "task_placed" -> place(event);
            case "task_started" -> start(event);
            case "task_checkpointed" -> requireAttempt(event, STARTED);
            case "member_started" -> changePart(event, EnumSet.of(Part.PLACED), Part.STARTED);
            case "member_checkpointed" -> changePart(event, EnumSet.of(Part.STARTED), Part.STARTED);
            case "member_ended" -> endPart(event);
            case "preempt_requested" -> requireAttempt(event, UNDISTURBED).state = State.PREEMPTING;
            case "cancel_requested" -> require(event, ACTIVE).state = State.CANCELLING;
            case "task_completed" -> complete(event);
            case "task_requeued" -> requeue(event);
            case "task_failed" -> {
                TaskBook task = requireAttempt(event, ACTIVE);
                release(event, task);
                end(task, State.FAILED);
            }
            case "task_cancelled" -> cancel(event);
            default -> {
                if (!nodes.change(event, type)) {
                    unknownTypes.merge(type, 1L, Long::sum);
                }
            }
        }
    }

    private void decide(JsonNode specification, State state) {
        String id = specification.path("task_id").asText();
        TaskBook known = tasks.get(id);
        if (known != null && (!known.state.isFinal() || isRemembered(known))) {
            throw new IllegalStepException("task %s already exists, and is %s".formatted(id, known.state));
        }
        if (known != null) {
            forgotten++;
        }
        JsonNode gpus = specification.path("gpus");
        TaskBook task = new TaskBook(
                specification.toString(),
                gpus.path("count").asInt(),
                gpus.path("milli").asInt(),
                State.QUEUED);
        tasks.put(id, task);
        decided++;
        if (state.isFinal()) {
            end(task, state);
        }
    }

    private boolean isRemembered(TaskBook task) {
        boolean isOld = finishedTasksKeptMs > 0 && atMs - task.endedAtMs >= finishedTasksKeptMs;
        return ended - task.endedAs < finishedTasksKept && !isOld;
    }

    private void place(JsonNode event) {
        TaskBook task = require(event, EnumSet.of(State.QUEUED));
        int attempt = event.path("attempt").asInt();
        if (attempt != task.attempt + 1) {
            throw new IllegalStepException("attempt %d follows attempt %d".formatted(attempt, task.attempt));
        }
        String name = attempt(event);
        int gpus = 0;
        task.parts.clear();
        for (JsonNode allocation : event.path("allocations")) {
            gpus += allocation.path("gpus").size();
            if (allocation.path("gpu_milli").asInt() != task.milliPerGpu) {
                throw new IllegalStepException("the task asked for %d milli of each GPU".formatted(task.milliPerGpu));
            }
            nodes.hold(name, allocation);
            task.parts.put(allocation.path("node_id").asText(), Part.PLACED);
        }
        if (gpus != task.gpus) {
            throw new IllegalStepException("%d GPUs, but the task asked for %d".formatted(gpus, task.gpus));
        }
        task.attempt = attempt;
        task.state = State.PLACED;
    }

    private void start(JsonNode event) {
        TaskBook task = requireAttempt(event, EnumSet.of(State.PLACED));
        if (task.isGang() && task.parts.values().stream().anyMatch(p -> p == Part.PLACED || p == Part.STOPPED)) {
            throw new IllegalStepException("the parts of the gang are %s".formatted(task.parts));
        }
        task.state = State.RUNNING;
    }

    private void changePart(JsonNode event, Set<Part> before, Part after) {
        TaskBook task = requireAttempt(event, HOLDING);
        String node = event.path("node_id").asText();
        Part part = task.parts.get(node);
        if (part == null || !before.contains(part)) {
            throw new IllegalStepException("on node %s the attempt is %s".formatted(node, part));
        }
        task.parts.put(node, after);
    }

    private void endPart(JsonNode event) {
        if (event.path("completed").asBoolean()) {
            changePart(event, EnumSet.of(Part.STARTED), Part.COMPLETED);
        } else {
            changePart(event, EnumSet.of(Part.PLACED, Part.STARTED), Part.STOPPED);
        }
    }

    private void complete(JsonNode event) {
        TaskBook task = requireAttempt(event, STARTED);
        if (task.isGang() && task.parts.values().stream().anyMatch(part -> part != Part.COMPLETED)) {
            throw new IllegalStepException("the parts of the gang are %s".formatted(task.parts));
        }
        release(event, task);
        end(task, State.COMPLETED);
    }

    private void requeue(JsonNode event) {
        TaskBook task = requireAttempt(event, ACTIVE);
        release(event, task);
        task.parts.clear();
        task.state = event.path("eligible_at_ms").asLong() > atMs ? State.BACKING_OFF : State.QUEUED;
    }

    private void cancel(JsonNode event) {
        TaskBook task = require(event, CANCELLABLE);
        String attempt = name(event.path("task_id").asText(), task.attempt);
        for (Map.Entry<String, Part> part : task.parts.entrySet()) {
            if (task.isGang() ? part.getValue().isOver() : !nodes.isLost(part.getKey())) {
                nodes.release(attempt, part.getKey());
            }
        }
        end(task, State.CANCELLED);
    }

    /**
     * Releases resources, but not on nodes that may still run the attempt: a silent node, or nodes of a gang that have
     * not reported its end.
     */
    private void release(JsonNode event, TaskBook task) {
        boolean nodeIsSilent = event.path("reason").asText().equals("node_lost");
        task.parts.forEach((node, part) -> {
            if (task.isGang() ? part.isOver() : !nodeIsSilent) {
                nodes.release(attempt(event), node);
            }
        });
    }

    private void end(TaskBook task, State state) {
        task.parts.clear();
        task.state = state;
        task.endedAs = ended++;
        task.endedAtMs = atMs;
    }

    private TaskBook require(JsonNode event, Set<State> states) {
        String id = event.path("task_id").asText();
        TaskBook task = tasks.get(id);
        if (task == null || !states.contains(task.state)) {
            throw new IllegalStepException("task %s is %s".formatted(id, task == null ? "unknown" : task.state));
        }
        return task;
    }

    private TaskBook requireAttempt(JsonNode event, Set<State> states) {
        TaskBook task = require(event, states);
        if (task.attempt != event.path("attempt").asInt()) {
            throw new IllegalStepException("the task is at attempt %d".formatted(task.attempt));
        }
        return task;
    }

    private static String attempt(JsonNode event) {
        return name(event.path("task_id").asText(), event.path("attempt").asInt());
    }

    static String name(String taskId, int attempt) {
        return taskId + "#" + attempt;
    }

    /** Checks the totals: every decided task is in exactly one state. */
    void close(String place) {
        long present = tasks.size() + forgotten;
        if (present != decided) {
            findings.add(
                    "account", place, "pool %s: %d tasks were decided, but %d exist".formatted(pool, decided, present));
        }
    }

    String pool() {
        return pool;
    }

    long facts() {
        return sequence;
    }

    @Nullable
    TaskBook task(String id) {
        return tasks.get(id);
    }

    Map<String, TaskBook> tasks() {
        return tasks;
    }

    Map<String, Long> unknownTypes() {
        return unknownTypes;
    }
}
