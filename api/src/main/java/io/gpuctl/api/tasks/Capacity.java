package io.gpuctl.api.tasks;

import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.telemetry.core.NodeView;
import io.gpuctl.telemetry.runtime.PageEnd;
import io.gpuctl.telemetry.runtime.Views;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a task could ever fit on the nodes that have registered. */
@ApplicationScoped
class Capacity {

    /** Nodes come and go seldom; a refusal is never given on what is older than the request. */
    private static final long FRESH_NANOS = 2_000_000_000L;

    private record Snapshot(KnownNodes nodes, long readNanos) {}

    private final ClusterViews views;
    private volatile @Nullable Snapshot snapshot;

    Capacity(ClusterViews views) {
        this.views = views;
    }

    /** Fails with a {@link ProblemException} (422) if no registered node of its pool could ever run the task. */
    Uni<Void> check(TaskSpec task) {
        return recent().chain(nodes ->
                        nodes.whyNeverFits(task).isEmpty() ? Uni.createFrom().item(nodes) : read())
                .invoke(nodes -> {
                    var errors = nodes.whyNeverFits(task);
                    if (!errors.isEmpty()) {
                        throw new ProblemException(Problem.of(ProblemType.DOES_NOT_FIT, errors));
                    }
                })
                .replaceWithVoid();
    }

    private Uni<KnownNodes> recent() {
        return Uni.createFrom().deferred(() -> {
            var last = snapshot;
            return last != null && System.nanoTime() - last.readNanos() < FRESH_NANOS
                    ? Uni.createFrom().item(last.nodes())
                    : read();
        });
    }

    private Uni<KnownNodes> read() {
        long startNanos = System.nanoTime();
        return readFrom(new ArrayList<>()).map(KnownNodes::new).invoke(nodes -> {
            snapshot = new Snapshot(nodes, startNanos);
        });
    }

    private Uni<List<NodeInventory>> readFrom(List<NodeInventory> nodes) {
        var after = nodes.isEmpty() ? null : nodes.getLast().nodeId();
        return views.nodes(after, Views.LIMIT_MAX).chain(page -> {
            nodes.addAll(page.stream().map(NodeView::inventory).toList());
            return PageEnd.isFull(page, Views.LIMIT_MAX, NodeView::attemptCount)
                    ? readFrom(nodes)
                    : Uni.createFrom().item(nodes);
        });
    }
}
