package io.gpuctl.events;

import static io.gpuctl.events.TaskState.BACKING_OFF;
import static io.gpuctl.events.TaskState.CANCELLED;
import static io.gpuctl.events.TaskState.CANCELLING;
import static io.gpuctl.events.TaskState.COMPLETED;
import static io.gpuctl.events.TaskState.FAILED;
import static io.gpuctl.events.TaskState.PLACED;
import static io.gpuctl.events.TaskState.PREEMPTING;
import static io.gpuctl.events.TaskState.QUEUED;
import static io.gpuctl.events.TaskState.REJECTED;
import static io.gpuctl.events.TaskState.RUNNING;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a task: a table of the legal steps in each state, and of the state after each step. A step
 * without a row for a state is illegal in this state. Every fold over facts takes a task's next state from here.
 *
 * <p>A step leads to the same state wherever it is legal, or never changes the state. Its target is therefore known
 * even in a state in which the step is illegal, see {@link #believed}.
 *
 * <p>Immutable. Look-ups allocate nothing.
 */
public final class TaskLife {
    private static final TaskLife TABLE = new TaskLife(new Rows()
            .begin(TaskStep.SUBMITTED, QUEUED)
            .begin(TaskStep.REJECTED, REJECTED)
            .stay(TaskStep.REASON_CHANGED, QUEUED)
            .lead(TaskStep.PLACED, PLACED, QUEUED)
            .stay(TaskStep.MEMBER_STARTED, PLACED, PREEMPTING, CANCELLING)
            .stay(TaskStep.MEMBER_CHECKPOINTED, PLACED, RUNNING, PREEMPTING, CANCELLING)
            .stay(TaskStep.MEMBER_ENDED, PLACED, RUNNING, PREEMPTING, CANCELLING)
            .lead(TaskStep.STARTED, RUNNING, PLACED)
            .stay(TaskStep.CHECKPOINTED, RUNNING, PREEMPTING, CANCELLING)
            .lead(TaskStep.COMPLETED, COMPLETED, RUNNING, PREEMPTING, CANCELLING)
            .lead(TaskStep.PREEMPT_REQUESTED, PREEMPTING, PLACED, RUNNING)
            .lead(TaskStep.GAVE_WAY, QUEUED, PREEMPTING)
            .lead(TaskStep.REQUEUED, QUEUED, PLACED, RUNNING, PREEMPTING)
            .lead(TaskStep.DELAYED, BACKING_OFF, PLACED, RUNNING, PREEMPTING)
            .lead(TaskStep.RETRY_DUE, QUEUED, BACKING_OFF)
            .lead(TaskStep.FAILED, FAILED, PLACED, RUNNING, PREEMPTING)
            .lead(TaskStep.CANCEL_REQUESTED, CANCELLING, PLACED, RUNNING, PREEMPTING)
            .lead(TaskStep.CANCELLED, CANCELLED, QUEUED, BACKING_OFF, CANCELLING)
            .all);

    private final List<TaskTransition> rows;
    /** The state after each step that begins a task. */
    private final Map<TaskStep, TaskState> first = new EnumMap<>(TaskStep.class);
    /** The state after each legal step, by the state before the step. */
    private final Map<TaskState, Map<TaskStep, TaskState>> next = new EnumMap<>(TaskState.class);
    /** The state after each step that changes the state, whatever the state before the step. */
    private final Map<TaskStep, TaskState> targets = new EnumMap<>(TaskStep.class);
    /** The steps with which a task gets its GPUs or gives them up. */
    private final Set<TaskStep> movingGpus = EnumSet.noneOf(TaskStep.class);

    /** Collects rows. */
    private static final class Rows {
        final List<TaskTransition> all = new ArrayList<>();

        /** Adds a row for a step before which there is no task of this id. */
        Rows begin(TaskStep step, TaskState to) {
            all.add(new TaskTransition(null, step, to));
            return this;
        }

        Rows lead(TaskStep step, TaskState to, TaskState... from) {
            for (TaskState state : from) {
                all.add(new TaskTransition(state, step, to));
            }
            return this;
        }

        Rows stay(TaskStep step, TaskState... in) {
            for (TaskState state : in) {
                all.add(new TaskTransition(state, step, state));
            }
            return this;
        }
    }

    /**
     * Throws {@link IllegalStateException} if two rows have the same state and step, if a step leads to several states,
     * or if a row starts from a final state.
     */
    TaskLife(List<TaskTransition> rows) {
        this.rows = List.copyOf(rows);
        for (TaskState state : TaskState.values()) {
            next.put(state, new EnumMap<>(TaskStep.class));
        }
        Set<TaskStep> seen = EnumSet.noneOf(TaskStep.class);
        for (TaskTransition row : rows) {
            if (row.from() != null && row.from().isFinal()) {
                throw new IllegalStateException("%s: no step may start from a final state".formatted(row));
            }
            if (after(row.from()).putIfAbsent(row.step(), row.to()) != null) {
                throw new IllegalStateException("%s: another row has the same state and step".formatted(row));
            }
            TaskState target = row.changesState() ? row.to() : null;
            if (!seen.add(row.step()) && targets.get(row.step()) != target) {
                throw new IllegalStateException(
                        "%s: in another row, the step leads to a different state".formatted(row));
            }
            if (target != null) {
                targets.put(row.step(), target);
            }
            if (row.from() != null && row.from().holdsGpus() != row.to().holdsGpus()) {
                movingGpus.add(row.step());
            }
        }
    }

    private Map<TaskStep, TaskState> after(@Nullable TaskState before) {
        return before == null ? first : Objects.requireNonNull(next.get(before));
    }

    /**
     * Returns the state after a step.
     *
     * @param before null if there is no task of this id
     * @return null if the step is illegal
     */
    public static @Nullable TaskState next(@Nullable TaskState before, TaskStep step) {
        return TABLE.after(before).get(step);
    }

    /**
     * Returns the state after a step, whatever the state before it.
     *
     * @throws IllegalStateException if the step changes no state
     */
    public static TaskState target(TaskStep step) {
        TaskState target = TABLE.targets.get(step);
        if (target == null) {
            throw new IllegalStateException("%s changes no state".formatted(step));
        }
        return target;
    }

    /** Returns the state after a step, even if the step is illegal in the state before it. */
    public static TaskState believed(TaskState before, TaskStep step) {
        return TABLE.targets.getOrDefault(step, before);
    }

    /** Returns whether the step changes the state of the task. */
    public static boolean changesState(TaskStep step) {
        return TABLE.targets.containsKey(step);
    }

    /** Returns whether a task gets its GPUs with this step, or gives them up. */
    public static boolean movesGpus(TaskStep step) {
        return TABLE.movingGpus.contains(step);
    }

    /** Returns the states in which the step is legal; none if it begins a task. Only for messages: this allocates. */
    public static Set<TaskState> statesBefore(TaskStep step) {
        Set<TaskState> states = EnumSet.noneOf(TaskState.class);
        for (TaskState state : TaskState.values()) {
            if (next(state, step) != null) {
                states.add(state);
            }
        }
        return Collections.unmodifiableSet(states);
    }

    /** Returns all rows of the table. */
    public static List<TaskTransition> rows() {
        return TABLE.rows;
    }
}
