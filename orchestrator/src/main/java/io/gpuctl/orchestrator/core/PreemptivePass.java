package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskState;
import io.gpuctl.orchestrator.core.WaitingTasks.Waiting;
import io.gpuctl.orchestrator.core.WaitingTasks.Wanted;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scheduling pass in which running tasks make room for tasks that come before them.
 *
 * <p>The pass visits all waiting and running tasks in their order, and plans from an empty cluster which tasks run. A
 * running task stays where it is, unless an earlier task took its place. A waiting task is placed if it fits now.
 * Otherwise it gets a place in the plan that preempts as few later tasks as possible, the last of them first. If there
 * is no such place, it is skipped. A preempted task is told to stop, and waits for its turn again.
 *
 * <p>A place in the plan is reserved: no later task is put there, even if its GPUs are already free, or become free one
 * after another. The plan is not kept between passes, so a task that has since come before the others gets its place
 * first. While the earlier of two tasks runs, the order of the two does not change, so no two tasks keep preempting
 * each other.
 */
final class PreemptivePass {
    private static final PendingReason AWAITING_PREEMPTION = PendingReason.of(Code.AWAITING_PREEMPTION);

    private final PoolState state;
    private final PreemptiveOrder order;
    private final Verdicts verdicts;
    /** The nodes as they are, plus the planned places. */
    private final Sketch now;
    /** The running tasks that come before the current task, plus the planned places. */
    private final Sketch plan;

    private final WaitingTasks waiting;
    private @Nullable OptionalLong nextChangeMs;
    private long ranAtMs;

    /** {@code placements} creates a new instance of the placement in force on each call. */
    PreemptivePass(PoolState state, PreemptiveOrder order, Verdicts verdicts, Supplier<Placement> placements) {
        this.state = state;
        this.order = order;
        this.verdicts = verdicts;
        now = new Sketch(placements.get());
        plan = new Sketch(placements.get());
        waiting = new WaitingTasks(this::compare);
    }

    private int compare(Contender one, Contender other) {
        int byPriority = other.priority().compareTo(one.priority());
        if (byPriority != 0) {
            return byPriority;
        }
        int byOrder = order.compare(one.job(), other.job());
        if (byOrder != 0) {
            return byOrder;
        }
        if (one.isUndisturbed() != other.isUndisturbed()) {
            return one.isUndisturbed() ? -1 : 1;
        }
        int bySubmission =
                Long.compare(one.task().submitSequence(), other.task().submitSequence());
        return bySubmission != 0 ? bySubmission : Integer.compare(one.attempt(), other.attempt());
    }

    /** Adds a waiting task. Its place in the order does not change until it runs. */
    void add(TaskRecord task) {
        waiting.add(task, state.lastAtMs());
    }

    /** Notes that the pool has changed. */
    void note(ClusterEvent event) {
        nextChangeMs = null;
        if (event instanceof ClusterEvent.OfTask ofTask) {
            waiting.note(ofTask.taskId(), state.task(ofTask.taskId()));
        }
    }

    /** Notes that reasons why tasks wait were recorded elsewhere. */
    void forgetReasons() {
        waiting.forgetReasons();
    }

    /** Returns when the first running task falls behind a waiting task only because it runs. */
    OptionalLong nextChangeMs() {
        if (nextChangeMs == null) {
            nextChangeMs = state.queueLength() == 0 ? OptionalLong.empty() : firstFallBackMs();
        }
        return nextChangeMs;
    }

    /**
     * Rounds up to whole ms, so that the result does not depend on when it is computed: the binary fraction of a second
     * is off by far less than a thousandth of a ms, and that error must not add a ms.
     */
    private static long wholeMs(double seconds) {
        return Math.max(1, (long) Math.ceil(seconds * 1_000 - 1e-3));
    }

    private OptionalLong firstFallBackMs() {
        // A run that changed nothing added no fact, and needs no other run before the order changes again.
        long nowMs = Math.max(state.lastAtMs(), ranAtMs);
        double seconds = PreemptiveOrder.NEVER;
        for (TaskRecord task : state.holders()) {
            if (task.state() == TaskState.RUNNING) {
                seconds = Math.min(seconds, order.secondsToFallBack(task.job(nowMs)));
            }
        }
        return seconds == PreemptiveOrder.NEVER ? OptionalLong.empty() : OptionalLong.of(nowMs + wholeMs(seconds));
    }

    /** Returns the number of tasks placed. */
    int run(Facts facts) {
        Walk walk = new Walk(facts);
        walk.go();
        ranAtMs = facts.atMs();
        nextChangeMs = null;
        return walk.placed;
    }

    /** One walk through all tasks in their order. */
    private final class Walk {
        private final Facts facts;
        private final List<Contender> holding;
        /** Shapes of running tasks that no waiting task has. */
        private final Map<Shape, Wanted> otherShapes = new LinkedHashMap<>();

        private int visited;
        int placed;

        Walk(Facts facts) {
            this.facts = facts;
            holding = holding(facts.atMs());
        }

        void go() {
            now.mirror(state.nodes());
            plan.mirror(state.nodes());
            waiting.beginWalk();
            releaseCancelled();
            visited = undisturbedBefore(waiting.first());
            for (Contender contender : holding.subList(visited, holding.size())) {
                release(contender.task());
            }
            waiting.removeIf(next -> {
                while (visited < holding.size() && compare(holding.get(visited), next.contender()) < 0) {
                    visitHolder(holding.get(visited++).task());
                }
                return visitWaiting(next);
            });
            while (visited < holding.size()) {
                visitHolder(holding.get(visited++).task());
            }
        }

        private void releaseCancelled() {
            for (Iterator<Contender> all = holding.iterator(); all.hasNext(); ) {
                TaskRecord task = all.next().task();
                if (task.state() == TaskState.CANCELLING) {
                    release(task);
                    all.remove();
                }
            }
        }

        /**
         * Returns how many of the first running tasks stay where they are in any case: they come before the first
         * waiting task, and before the first task that was told to stop. The plan may contain them from the beginning.
         */
        private int undisturbedBefore(@Nullable Waiting first) {
            int count = 0;
            while (count < holding.size()
                    && holding.get(count).isUndisturbed()
                    && (first == null || compare(holding.get(count), first.contender()) < 0)) {
                count++;
            }
            return count;
        }

        private void visitHolder(TaskRecord task) {
            if (Contender.isUndisturbed(task)) {
                if (plan.hasRoomFor(task.allocations())) {
                    hold(task);
                    return;
                }
                facts.add(new ClusterEvent.PreemptRequested(task.id(), task.attempt(), EndReason.PREEMPTED));
            }
            Placement.Request request = Placement.Request.next(task);
            Wanted known = waiting.wanted(request.shape());
            reserve(
                    task,
                    request,
                    known != null ? known : otherShapes.computeIfAbsent(request.shape(), _ -> waiting.unwanted()));
        }

        /** Returns whether the task was placed. */
        private boolean visitWaiting(Waiting next) {
            Wanted wanted = next.wanted();
            TaskRecord task = next.contender().task();
            if (!wanted.isMisfitNow()) {
                if (now.choose(next.request()) instanceof Placement.Place place) {
                    verdicts.place(task, place, facts);
                    book(task, place);
                    placed++;
                    return true;
                }
                wanted.setMisfitNow();
            }
            PendingReason misfit = reserve(task, next.request(), wanted);
            explain(next, misfit == null ? AWAITING_PREEMPTION : misfit);
            return false;
        }

        private void explain(Waiting next, PendingReason reason) {
            if (!next.isTold(reason)) {
                verdicts.explain(next.id(), reason, facts);
                TaskRecord task = state.task(next.id());
                next.told(task == null ? null : task.reason());
            }
        }

        /** Plans a place for a task that holds none; returns why there is none, or null. */
        private @Nullable PendingReason reserve(TaskRecord task, Placement.Request request, Wanted wanted) {
            PendingReason known = wanted.misfit();
            if (known != null) {
                return known;
            }
            return switch (plan.choose(request)) {
                case Placement.Nowhere nowhere -> wanted.setMisfit(nowhere.reason());
                case Placement.Place place -> {
                    book(task, leastDisturbing(request, place));
                    yield null;
                }
            };
        }

        private void book(TaskRecord task, Placement.Place place) {
            AttemptId next = new AttemptId(task.id(), task.attempt() + 1);
            List<Allocation> allocations = Verdicts.allocations(task.spec(), place);
            now.overbook(next, allocations);
            plan.hold(next, allocations);
        }

        /**
         * Returns the place that preempts the fewest later tasks; the tasks that come first in the order stay.
         *
         * @param alone the place if all later tasks must be preempted
         */
        private Placement.Place leastDisturbing(Placement.Request request, Placement.Place alone) {
            List<TaskRecord> behind = holdThoseBehind();
            Placement.Place best = alone;
            int held = behind.size();
            int fits = 0;
            int tooMany = behind.size() + 1;
            while (tooMany - fits > 1) {
                // Try with all of them first: often the task needs only GPUs that are already being released.
                int tried = tooMany > behind.size() ? behind.size() : (fits + tooMany) / 2;
                for (; held < tried; held++) {
                    hold(behind.get(held));
                }
                for (; held > tried; held--) {
                    release(behind.get(held - 1));
                }
                if (plan.choose(request) instanceof Placement.Place place) {
                    best = place;
                    fits = tried;
                } else {
                    tooMany = tried;
                }
            }
            behind.subList(0, held).forEach(this::release);
            return best;
        }

        private void release(TaskRecord task) {
            plan.release(task.currentAttempt(), task.allocations());
        }

        /** Holds in the plan the later running tasks that still have room where they are, and returns them. */
        private List<TaskRecord> holdThoseBehind() {
            List<TaskRecord> behind = new ArrayList<>();
            for (Contender contender : holding.subList(visited, holding.size())) {
                if (contender.isUndisturbed()
                        && plan.hasRoomFor(contender.task().allocations())) {
                    hold(contender.task());
                    behind.add(contender.task());
                }
            }
            return behind;
        }

        private void hold(TaskRecord task) {
            plan.hold(task.currentAttempt(), task.allocations());
        }
    }

    /** Returns all tasks that hold GPUs, in their order. */
    private List<Contender> holding(long nowMs) {
        List<Contender> holding = new ArrayList<>(state.holders().size());
        for (TaskRecord task : state.holders()) {
            holding.add(Contender.of(task, nowMs));
        }
        holding.sort(this::compare);
        return holding;
    }
}
