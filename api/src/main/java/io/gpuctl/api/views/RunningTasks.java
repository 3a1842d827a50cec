package io.gpuctl.api.views;

import io.gpuctl.api.views.RunningUse.Share;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskState;
import io.gpuctl.telemetry.runtime.PageEnd;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.views.NodePower;
import io.gpuctl.telemetry.views.TaskCursor;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserCursor;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the energy that tasks with GPUs have drawn so far. When an attempt ends, the facts contain its energy;
 * until then, only this class estimates it, from the last telemetry.
 */
@ApplicationScoped
public class RunningTasks {

    private static final List<TaskState> HOLDING =
            Arrays.stream(TaskState.values()).filter(TaskState::holdsGpus).toList();

    /**
     * An answer is reused for this many times the time that it took, so reading all running tasks takes at most 5% of
     * the time.
     */
    private static final int REST_FACTOR = 19;

    /** Maximum number of simultaneous questions about a gang's nodes. */
    private static final int CONCURRENCY = 16;

    private final ClusterViews views;
    private final ClusterClock clock;
    private final Uni<RunningUse> use;

    /** Whether there is an answer or a failure, and no read is in progress. */
    private volatile boolean isAnswered;

    private volatile long askedAtNanos;
    private volatile long staleAtNanos;

    RunningTasks(ClusterViews views, ClusterClock clock) {
        this.views = views;
        this.clock = clock;
        use = Uni.createFrom()
                .deferred(this::read)
                // Local pages arrive one after the other without a pause, which would block an event loop for too long.
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onTermination()
                .invoke((_, failure, _) -> answered(failure == null))
                .memoize()
                .until(this::beginsAnew);
    }

    /** Returns the use of all tasks that hold GPUs. Fails like {@link ClusterViews}. */
    public Uni<RunningUse> use() {
        return use;
    }

    /**
     * Returns the energy of this task's running attempt, joules; empty if none runs. A node whose telemetry cannot be
     * read counts as 0.
     */
    public Uni<Optional<Double>> joules(TaskView task) {
        if (task.startedAtMs() == null || !task.state().holdsGpus()) {
            return Uni.createFrom().item(Optional.empty());
        }
        List<Uni<Optional<NodeTelemetry>>> samples = task.allocations().stream()
                .map(Allocation::nodeId)
                .map(node -> views.telemetry(node).onFailure().recoverWithItem(Optional.empty()))
                .toList();
        return joined(samples)
                .map(found -> Optional.of(task.runningJoulesEstimate(
                        byNode(found.stream()
                                .flatMap(Optional::stream)
                                .map(NodePower::of)
                                .toList()),
                        clock.nowMs())));
    }

    private static <T> Uni<List<T>> joined(List<Uni<T>> unis) {
        return unis.size() == 1
                ? unis.getFirst().map(List::of)
                : Uni.join().all(unis).usingConcurrencyOf(CONCURRENCY).andFailFast();
    }

    private Uni<RunningUse> read() {
        askedAtNanos = System.nanoTime();
        return views.power().chain(power -> {
            var sums = new Sums(byNode(power), clock.nowMs(), new HashMap<>());
            return addAll(HOLDING, sums).map(_ -> new RunningUse(sums.byUser));
        });
    }

    /**
     * Returns whether a new read must start. Called for each question, one at a time; while a read is in progress, all
     * callers wait for it.
     */
    private boolean beginsAnew() {
        boolean isStale = isAnswered && System.nanoTime() - staleAtNanos > 0;
        if (isStale) {
            isAnswered = false;
        }
        return isStale;
    }

    /** Sets until when the answer is reused; a failure is not reused. */
    private void answered(boolean isGood) {
        long nowNanos = System.nanoTime();
        staleAtNanos = isGood ? nowNanos + REST_FACTOR * (nowNanos - askedAtNanos) : nowNanos;
        isAnswered = true;
    }

    private Uni<Void> addAll(List<TaskState> states, Sums sums) {
        return states.isEmpty()
                ? Uni.createFrom().voidItem()
                : addAll(states.getFirst(), null, sums).chain(() -> addAll(states.subList(1, states.size()), sums));
    }

    /**
     * Adds all tasks in a state, page by page. A task that changes its state in the meantime may be missed, or counted
     * twice, in this answer.
     */
    private Uni<Void> addAll(TaskState state, @Nullable TaskCursor after, Sums sums) {
        return views.tasks(state, after, Views.LIMIT_MAX, Views.Order.OLDEST_FIRST)
                .chain(page -> {
                    page.forEach(sums::add);
                    return PageEnd.isFull(page, Views.LIMIT_MAX, TaskView::nodeCount)
                            ? addAll(state, page.getLast().cursor(), sums)
                            : Uni.createFrom().voidItem();
                });
    }

    private static Function<NodeId, @Nullable NodePower> byNode(List<NodePower> power) {
        Map<NodeId, NodePower> byNode =
                power.stream().collect(Collectors.toMap(NodePower::nodeId, Function.identity(), (_, newer) -> newer));
        return byNode::get;
    }

    /** The sums so far. */
    private record Sums(Function<NodeId, @Nullable NodePower> power, long nowMs, Map<UserCursor, Share> byUser) {

        void add(TaskView task) {
            long gpuMilli = task.allocations().stream()
                    .mapToLong(Allocation::totalGpuMilli)
                    .sum();
            byUser.merge(
                    new UserCursor(task.task().pool(), task.task().user()),
                    new Share(1, gpuMilli, task.runningJoulesEstimate(power, nowMs)),
                    Share::plus);
        }
    }
}
