package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Priority;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pass in which tasks that run make room for those that come before them.
 *
 * <p>It goes through all tasks that wait or run in their order, and plans from an empty cluster who is to run. One that
 * runs goes on where it is, unless one before it took that place. One that waits is placed if it fits now; else it gets a
 * place in the plan, for which as few as possible of those behind it must go, and the last of them first; else it is
 * skipped. What must go is told to stop, and waits for its turn again.
 *
 * <p>A place in the plan stays free for whom it is meant: nothing that comes later in the order is put there, though the
 * GPUs may be free already, or be freed one after another. Nothing is remembered from pass to pass, so one that has come
 * before it since gets its place first; since the order of two tasks does not turn around while the one runs that comes
 * first, no two tasks drive each other out in turns.
 */
final class PreemptivePass {
    private final PoolState state;
    private final PreemptiveOrder order;
    private final Verdicts verdicts;
    private final Comparator<Contender> ranking;
    /** The nodes as they are, and what is planned. */
    private final Sketch now;
    /** What runs and comes before the task that is looked at, and what is planned. */
    private final Sketch plan;

    private final TreeSet<Contender> waiting;
    private @Nullable OptionalLong nextChangeMs;
    private long ranAtMs;

    /**
     * A task that waits or runs.
     *
     * @param attempt its newest: an entry of an earlier one is of the past
     * @param isUndisturbed whether it holds GPUs, and was not told to give them up
     */
    private record Contender(TaskRecord task, Priority priority, Job job, int attempt, boolean isUndisturbed) {
        static Contender of(TaskRecord task, long nowMs) {
            return new Contender(
                    task, task.spec().priority(), task.job(nowMs), task.attempt(), PreemptivePass.isUndisturbed(task));
        }
    }

    /** {@code placements} makes the placement in force, as often as it is asked. */
    PreemptivePass(PoolState state, PreemptiveOrder order, Verdicts verdicts, Supplier<Placement> placements) {
        this.state = state;
        this.order = order;
        this.verdicts = verdicts;
        now = new Sketch(placements.get());
        plan = new Sketch(placements.get());
        ranking = Comparator.comparing(Contender::priority)
                .reversed()
                .thenComparing(Contender::job, order)
                .thenComparing(contender -> !contender.isUndisturbed())
                .thenComparingLong(contender -> contender.task().submitSequence())
                .thenComparingInt(Contender::attempt);
        waiting = new TreeSet<>(ranking);
    }

    private static boolean isUndisturbed(TaskRecord task) {
        return task.state() == TaskState.PLACED || task.state() == TaskState.RUNNING;
    }

    /** The task waits. Its place in the order stays the same until it runs, whatever the time. */
    void add(TaskRecord task) {
        waiting.add(Contender.of(task, state.lastAtMs()));
    }

    /** Something has happened to the pool. */
    void note() {
        nextChangeMs = null;
    }

    /** When the first of those that run falls behind one that waits, by running alone. */
    OptionalLong nextChangeMs() {
        if (nextChangeMs == null) {
            nextChangeMs = state.queueLength() == 0 ? OptionalLong.empty() : firstFallBackMs();
        }
        return nextChangeMs;
    }

    /**
     * The same, whatever moment before it is asked: what is left of a second in binary fractions is off by far less than
     * a thousandth of a ms, and must not make it the ms after.
     */
    private static long wholeMs(double seconds) {
        return Math.max(1, (long) Math.ceil(seconds * 1_000 - 1e-3));
    }

    private OptionalLong firstFallBackMs() {
        // A run that changed nothing left no fact, and needs no other before the order changes again.
        long nowMs = Math.max(state.lastAtMs(), ranAtMs);
        double seconds = PreemptiveOrder.NEVER;
        for (Node node : state.nodes()) {
            for (TaskRecord task : state.tasksOn(node)) {
                if (task.state() == TaskState.RUNNING) {
                    seconds = Math.min(seconds, order.secondsToFallBack(task.job(nowMs)));
                }
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

    /** One run through the order. */
    private final class Walk {
        private final Facts facts;
        private final List<Contender> holding;
        /** What does not fit now, nor later in this walk: nothing becomes free on the way. */
        private final Map<Shape, Boolean> misfitsNow = new LinkedHashMap<>();

        private final Map<Shape, PendingReason> misfits = new LinkedHashMap<>();
        private int visited;
        int placed;

        Walk(Facts facts) {
            this.facts = facts;
            holding = holding(facts.atMs());
        }

        void go() {
            now.mirror(state.nodes());
            plan.mirror(state.nodes());
            for (Contender contender : holding) {
                plan.release(contender.task().currentAttempt(), contender.task().allocations());
            }
            holding.removeIf(contender -> contender.task().state() == TaskState.CANCELLING);
            Iterator<Contender> queue = waiting.iterator();
            while (queue.hasNext()) {
                Contender next = queue.next();
                TaskRecord task = state.task(next.task().id());
                if (task == null || task.state() != TaskState.QUEUED || task.attempt() != next.attempt()) {
                    queue.remove();
                    continue;
                }
                while (visited < holding.size() && ranking.compare(holding.get(visited), next) < 0) {
                    visitHolder(holding.get(visited++).task());
                }
                if (visitWaiting(task)) {
                    queue.remove();
                }
            }
            while (visited < holding.size()) {
                visitHolder(holding.get(visited++).task());
            }
        }

        private void visitHolder(TaskRecord task) {
            if (isUndisturbed(task)) {
                if (plan.hasRoomFor(task.allocations())) {
                    hold(task);
                    return;
                }
                facts.add(new ClusterEvent.PreemptRequested(task.id(), task.attempt(), EndReason.PREEMPTED));
            }
            reserve(task);
        }

        /** Whether it was placed. */
        private boolean visitWaiting(TaskRecord task) {
            Placement.Request request = Placement.Request.next(task);
            if (!misfitsNow.containsKey(request.shape())) {
                if (now.choose(request) instanceof Placement.Place place) {
                    verdicts.place(task, place, facts);
                    book(task, place);
                    placed++;
                    return true;
                }
                misfitsNow.put(request.shape(), true);
            }
            PendingReason misfit = reserve(task);
            verdicts.explain(task.id(), misfit == null ? PendingReason.of(Code.AWAITING_PREEMPTION) : misfit, facts);
            return false;
        }

        /** Plans a place for a task that does not hold one; or says why there is none. */
        private @Nullable PendingReason reserve(TaskRecord task) {
            Placement.Request request = Placement.Request.next(task);
            PendingReason known = misfits.get(request.shape());
            if (known != null) {
                return known;
            }
            return switch (plan.choose(request)) {
                case Placement.Nowhere nowhere -> {
                    misfits.put(request.shape(), nowhere.reason());
                    yield nowhere.reason();
                }
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
         * The place beside as many of the tasks behind as leave it room, the first of them first.
         *
         * @param alone the place if they all must go
         */
        private Placement.Place leastDisturbing(Placement.Request request, Placement.Place alone) {
            List<TaskRecord> behind = holdThoseBehind();
            Placement.Place best = alone;
            int held = behind.size();
            int fits = 0;
            int tooMany = behind.size() + 1;
            while (tooMany - fits > 1) {
                // All of them first: often it need only wait for what is being stopped already.
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

        /** Has those that run and come later in the order stay where they are, if they can, and returns them. */
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

    /** All that hold GPUs, in their order. */
    private List<Contender> holding(long nowMs) {
        Map<AttemptId, Contender> found = new LinkedHashMap<>();
        for (Node node : state.nodes()) {
            for (TaskRecord task : state.tasksOn(node)) {
                found.computeIfAbsent(task.currentAttempt(), attempt -> Contender.of(task, nowMs));
            }
        }
        List<Contender> holding = new ArrayList<>(found.values());
        holding.sort(ranking);
        return holding;
    }
}
