package io.gpuctl.audit.rules;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.kafka.Topics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every submission was accepted or rejected, once and unchanged; a submission of a task id that was already known
 * changed nothing.
 */
final class SubmissionRule implements Rule {
    /** A submission whose facts, if any, are still to come. */
    private record Open(Place place, TaskSpec task, long atMs) {}

    private final Violations violations;
    private final Counts counts;
    private final Predicate<TaskId> isKnown;
    private final long consumed;
    private final Deque<Open> open = new ArrayDeque<>();
    /**
     * Tasks that the pools have forgotten since the last command with a fact: they may still have been known when a
     * later command was processed.
     */
    private final Set<TaskId> forgotten = new LinkedHashSet<>();

    private @Nullable Place decided;
    private long factsAtMs;

    /**
     * {@code isKnown} tells whether a pool has the task, or remembers it. For {@code consumed} see
     * {@link PartitionLogs}.
     */
    SubmissionRule(Predicate<TaskId> isKnown, long consumed, Counts counts, Violations violations) {
        this.isKnown = isKnown;
        this.consumed = consumed;
        this.counts = counts;
        this.violations = violations;
    }

    @Override
    public String name() {
        return "submission";
    }

    @Override
    public void onCommand(Place place, TaskCommand command) {
        if (command instanceof TaskCommand.SubmitTask submit) {
            open.add(new Open(place, submit.task(), submit.atMs()));
        }
    }

    @Override
    public void beforeFact(FactStep step) {
        Cause cause = step.fact().cause();
        factsAtMs = Math.max(factsAtMs, step.fact().atMs());
        if (cause.source().equals(Topics.TASK_COMMANDS.name())) {
            closeBefore(cause.offset());
        }
        if (step.fact().event() instanceof ClusterEvent.TaskSubmitted accepted) {
            decide(step, accepted.task());
        } else if (step.fact().event() instanceof ClusterEvent.TaskRejected rejected) {
            decide(step, rejected.task());
        }
    }

    @Override
    public void afterFact(FactStep step) {
        forgotten.addAll(step.pool().forgotten());
    }

    @Override
    public void onEnd() {
        closeBefore(Long.MAX_VALUE);
    }

    private void decide(FactStep step, TaskSpec task) {
        Cause cause = step.fact().cause();
        if (!cause.source().equals(Topics.TASK_COMMANDS.name())) {
            add(step.place(), "task %s was decided without a command: %s".formatted(task.taskId(), cause));
            return;
        }
        Entry<?> entry = step.cause();
        if (entry == null || entry.value() == null) {
            return; // Too old, or already a violation of the rule on causes.
        }
        if (entry.place().equals(decided)) {
            add(step.place(), "the command %s was decided twice".formatted(entry.place()));
        } else if (!(entry.value() instanceof TaskCommand.SubmitTask submit)) {
            add(step.place(), "its cause %s is not a submission".formatted(entry.place()));
        } else if (!submit.task().equals(task)) {
            add(
                    step.place(),
                    "the command %s submitted %s, but the fact has %s".formatted(entry.place(), submit.task(), task));
        }
        decided = entry.place();
    }

    /** Closes the commands before this offset: all their facts have been read. */
    private void closeBefore(long offset) {
        boolean closed = false;
        for (Open next = open.peek(); next != null && next.place().offset() < offset; next = open.peek()) {
            open.remove();
            close(next);
            closed = true;
        }
        if (closed) {
            forgotten.clear();
        }
    }

    private void close(Open submission) {
        TaskId taskId = submission.task().taskId();
        if (submission.place().equals(decided)) {
            counts.submissionsDecided++;
        } else if (isKnown.test(taskId) || forgotten.contains(taskId)) {
            counts.submissionsRepeated++;
        } else if (submission.place().offset() >= consumed) {
            counts.commandsPending++;
        } else if (Refused.forItsTime(submission.atMs(), factsAtMs)) {
            counts.submissionsRefused++;
        } else {
            add(submission.place(), "task %s was submitted, but neither accepted nor rejected".formatted(taskId));
        }
    }

    private void add(Place place, String text) {
        violations.add(name(), place, text);
    }
}
