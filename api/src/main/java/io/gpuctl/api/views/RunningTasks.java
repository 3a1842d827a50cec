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
 * About what the tasks that hold GPUs have drawn so far. The facts tell it when an attempt ends; until then it is estimated
 * from the last telemetry, here and nowhere else.
 */
@ApplicationScoped
public class RunningTasks {

    private static final List<TaskState> HOLDING =
            Arrays.stream(TaskState.values()).filter(TaskState::holdsGpus).toList();

    /** An answer is given again for so many times as long as it took: looking at all that runs is 5% of the time at most. */
    private static final int REST_FACTOR = 19;

    /** Questions about a gang's nodes at a time. */
    private static final int CONCURRENCY = 16;

    private final ClusterViews views;
    private final ClusterClock clock;
    private final Uni<RunningUse> use;

    /** Whether there is an answer, right or wrong, and none is under way. */
    private volatile boolean isAnswered;

    private volatile long askedAtNanos;
    private volatile long staleAtNanos;

    RunningTasks(ClusterViews views, ClusterClock clock) {
        this.views = views;
        this.clock = clock;
        use = Uni.createFrom()
                .deferred(this::read)
                // Pages that are at hand come one after the other: that is too long for an event loop.
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onTermination()
                .invoke((_, failure, _) -> answered(failure == null))
                .memoize()
                .until(this::beginsAnew);
    }

    /** Of all tasks that hold GPUs. Fails as {@link ClusterViews} does. */
    public Uni<RunningUse> use() {
        return use;
    }

    /** Of this task, joules; empty if none of its attempts runs. What cannot be asked for now counts as nothing. */
    public Uni<Optional<Double>> joules(TaskView task) {
        if (task.startedAtMs() == null || !task.state().holdsGpus()) {
            return Uni.createFrom().item(Optional.empty());
        }
        List<Uni<Optional<NodeTelemetry>>> samples = task.allocations().stream()
                .map(Allocation::nodeId)
                .map(node -> views.telemetry(node).onFailure().recoverWithItem(Optional.empty()))
                .toList();
        return Uni.join()
                .all(samples)
                .usingConcurrencyOf(CONCURRENCY)
                .andFailFast()
                .map(found -> Optional.of(task.runningJoulesEstimate(
                        byNode(found.stream()
                                .flatMap(Optional::stream)
                                .map(NodePower::of)
                                .toList()),
                        clock.nowMs())));
    }

    private Uni<RunningUse> read() {
        askedAtNanos = System.nanoTime();
        return views.power().chain(power -> {
            var sums = new Sums(byNode(power), clock.nowMs(), new HashMap<>());
            return addAll(HOLDING, sums).map(_ -> new RunningUse(sums.byUser));
        });
    }

    /** Asked for each question, one at a time. While an answer is under way all wait for that one. */
    private boolean beginsAnew() {
        boolean isStale = isAnswered && System.nanoTime() - staleAtNanos > 0;
        if (isStale) {
            isAnswered = false;
        }
        return isStale;
    }

    /** A failure is not kept. */
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

    /** Page by page. A task that changes its state meanwhile may be missed, or be in twice, in this answer. */
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

    /** What was added up so far. */
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
