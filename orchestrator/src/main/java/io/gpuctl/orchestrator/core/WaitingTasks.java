package io.gpuctl.orchestrator.core;

import io.gpuctl.events.PendingReason;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiting tasks of a {@link PreemptivePass}, in its order. Remembers what each walk finds out about a shape, and
 * what each task was told, so that visiting a task that does not fit costs no look-up.
 */
final class WaitingTasks {
    private final Comparator<Contender> order;
    private final List<Waiting> ordered = new ArrayList<>();
    private final Map<TaskId, Waiting> byId = new LinkedHashMap<>();
    /** The shapes of the waiting tasks. */
    private final Map<Shape, Wanted> shapes = new LinkedHashMap<>();

    /** The number of the current walk. */
    private long walk;

    WaitingTasks(Comparator<Contender> order) {
        this.order = order;
    }

    /** What a walk has found out about a shape. */
    final class Wanted {
        /** The number of waiting tasks with this shape. */
        private int tasks;

        private long misfitNowIn = -1;
        private long misfitIn = -1;
        private @Nullable PendingReason reason;

        /** Returns whether the shape does not fit now, nor later in this walk: nothing becomes free during a walk. */
        boolean isMisfitNow() {
            return misfitNowIn == walk;
        }

        void setMisfitNow() {
            misfitNowIn = walk;
        }

        /** Returns why the plan of this walk has no place; null if that is unknown. */
        @Nullable
        PendingReason misfit() {
            return misfitIn == walk ? reason : null;
        }

        /** Remembers why there is no place. Returns the same object as in the last walk if the reason is the same. */
        PendingReason setMisfit(PendingReason why) {
            misfitIn = walk;
            if (reason == null || !reason.equals(why)) {
                reason = why;
            }
            return reason;
        }
    }

    /** A waiting task. */
    static final class Waiting {
        private final Contender contender;
        private final Placement.Request request;
        private final Wanted wanted;
        private @Nullable PendingReason told;
        private boolean isGone;

        private Waiting(Contender contender, Placement.Request request, Wanted wanted) {
            this.contender = contender;
            this.request = request;
            this.wanted = wanted;
        }

        TaskId id() {
            return contender.task().id();
        }

        /** The task as it was when it began to wait: since then only its reason has changed. */
        Contender contender() {
            return contender;
        }

        Placement.Request request() {
            return request;
        }

        Wanted wanted() {
            return wanted;
        }

        /** Returns whether the task is known to have this reason. */
        boolean isTold(PendingReason reason) {
            return reason.equals(told);
        }

        void told(@Nullable PendingReason reason) {
            told = reason;
        }
    }

    /** Adds a task. Its place in the order does not change until it runs. */
    void add(TaskRecord task, long nowMs) {
        remove(task.id());
        var request = Placement.Request.next(task);
        var wanted = shapes.computeIfAbsent(request.shape(), _ -> new Wanted());
        wanted.tasks++;
        var added = new Waiting(Contender.of(task, nowMs), request, wanted);
        byId.put(task.id(), added);
        int index =
                Collections.binarySearch(ordered, added, (one, other) -> order.compare(one.contender, other.contender));
        ordered.add(index < 0 ? -index - 1 : index, added);
    }

    /** Notes that a task has changed; {@code task} is null if it is finished. */
    void note(TaskId taskId, @Nullable TaskRecord task) {
        Waiting known = byId.get(taskId);
        if (known != null
                && (task == null || task.state() != TaskState.QUEUED || task.attempt() != known.contender.attempt())) {
            remove(taskId);
        }
    }

    private void remove(TaskId taskId) {
        Waiting removed = byId.remove(taskId);
        if (removed != null) {
            forget(removed);
        }
    }

    private void forget(Waiting removed) {
        removed.isGone = true;
        removed.wanted.tasks--;
        if (removed.wanted.tasks == 0) {
            shapes.remove(removed.request.shape());
        }
    }

    /** Forgets what tasks were told: their reasons were recorded elsewhere. */
    void forgetReasons() {
        ordered.forEach(waiting -> waiting.told(null));
    }

    /** Forgets what the last walk has found out. */
    void beginWalk() {
        walk++;
    }

    /** Returns the first task; null if none waits. */
    @Nullable
    Waiting first() {
        for (Waiting waiting : ordered) {
            if (!waiting.isGone) {
                return waiting;
            }
        }
        return null;
    }

    /** Visits the tasks in their order, and removes those for which {@code visit} returns true. */
    void removeIf(Predicate<Waiting> visit) {
        int kept = 0;
        for (Waiting waiting : ordered) {
            if (waiting.isGone) {
                continue;
            }
            if (visit.test(waiting)) {
                byId.remove(waiting.id());
                forget(waiting);
            } else {
                ordered.set(kept++, waiting);
            }
        }
        ordered.subList(kept, ordered.size()).clear();
    }

    /** Returns what is known of a shape; null if no waiting task has it. */
    @Nullable
    Wanted wanted(Shape shape) {
        return shapes.get(shape);
    }

    /** Returns a place for findings about a shape that no waiting task has. */
    Wanted unwanted() {
        return new Wanted();
    }
}
