package io.gpuctl.api.views;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.runtime.Ownership;
import io.gpuctl.telemetry.runtime.TaskIdClaim;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.runtime.ViewsNotReadyException;
import io.gpuctl.telemetry.views.NodeHistory;
import io.gpuctl.telemetry.views.NodePower;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.TaskCursor;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserCursor;
import io.gpuctl.telemetry.views.UserView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The views of one instance, with contents set by the test. */
public final class FakeViews implements Views {

    Ownership ownership;
    boolean areMoving;
    final List<TaskView> tasks = new ArrayList<>();
    final List<UserView> users = new ArrayList<>();
    public final List<PoolView> pools = new ArrayList<>();
    final List<String> asked = new ArrayList<>();

    /** One future for each partition; the test completes them. */
    final List<CompletableFuture<Void>> seen =
            Stream.generate(CompletableFuture<Void>::new).limit(4).toList();

    /** The futures returned to waiting callers. */
    final List<CompletableFuture<Void>> waits = new ArrayList<>();

    public FakeViews(Ownership ownership) {
        this.ownership = ownership;
    }

    @Override
    public Optional<TaskView> task(TaskId taskId) {
        return tasks.stream()
                .filter(view -> view.task().taskId().equals(taskId))
                .findFirst();
    }

    @Override
    public List<TaskView> tasks(TaskState state, TaskCursor after, int limit, Order order) {
        return tasks.stream().limit(limit).toList();
    }

    @Override
    public TaskIdClaim claim(TaskId taskId) {
        return new TaskIdClaim(null, 0);
    }

    @Override
    public List<Fact> history(TaskId taskId, long after, int limit) {
        return List.of();
    }

    @Override
    public Optional<NodeView> node(NodeId nodeId) {
        return Optional.empty();
    }

    @Override
    public NodeHistory nodeHistory(PoolId pool, NodeId nodeId) {
        return NodeHistory.EMPTY;
    }

    @Override
    public List<NodeView> nodes(NodeId after, int limit) {
        return List.of();
    }

    @Override
    public List<NodePower> power() {
        return List.of();
    }

    @Override
    public List<PoolView> pools() {
        return List.copyOf(pools);
    }

    @Override
    public List<UserView> users(UserCursor after, int limit) {
        return users.stream().limit(limit).toList();
    }

    @Override
    public Optional<NodeTelemetry> telemetry(NodeId nodeId) {
        return Optional.empty();
    }

    @Override
    public List<TelemetryWindow> windows(NodeId nodeId, long fromMs, long toMs) {
        return List.of();
    }

    @Override
    public TelemetrySummary telemetrySummary() {
        return TelemetrySummary.EMPTY;
    }

    @Override
    public CompletionStage<Void> whenCommandSeen(int partition, long offset) {
        asked.add(partition + ":" + offset);
        var wait = seen.get(partition).copy();
        waits.add(wait);
        return wait;
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    @Override
    public List<String> problems() {
        if (areMoving) {
            throw new ViewsNotReadyException("The views are moving");
        }
        return List.of("facts are missing");
    }
}
