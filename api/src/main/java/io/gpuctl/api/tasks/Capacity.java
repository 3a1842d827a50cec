package io.gpuctl.api.tasks;

import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.telemetry.runtime.PageEnd;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.views.NodeView;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks whether a task could ever fit the registered nodes. */
@ApplicationScoped
class Capacity {

    /**
     * Nodes rarely change, and a read of thousands of nodes is expensive. A refusal never relies on a snapshot that is
     * older than the request.
     */
    private static final long FRESH_NANOS = 15_000_000_000L;

    /** Older snapshots are not used. A snapshot becomes that old only while no tasks are submitted. */
    private static final long USED_NANOS = 60_000_000_000L;

    private record Snapshot(KnownNodes nodes, long readNanos) {
        boolean isYoungerThan(long nanos) {
            return System.nanoTime() - readNanos < nanos;
        }
    }

    private final ClusterViews views;
    private volatile @Nullable Snapshot snapshot;

    /** Shared, because a read of thousands of nodes takes a good part of a second. */
    private final SharedRead<KnownNodes> read = new SharedRead<>(this::read);

    Capacity(ClusterViews views) {
        this.views = views;
    }

    /** Fails with a {@link ProblemException} (422) if no registered node of its pool could ever run the task. */
    Uni<Void> check(TaskSpec task) {
        return Uni.createFrom().deferred(() -> {
            var last = snapshot;
            if (last == null || !last.isYoungerThan(USED_NANOS) || last.nodes().reason(task) != null) {
                return read.fromNowOn().invoke(nodes -> refuse(task, nodes)).replaceWithVoid();
            }
            if (!last.isYoungerThan(FRESH_NANOS)) {
                refresh();
            }
            return Uni.createFrom().voidItem();
        });
    }

    private static void refuse(TaskSpec task, KnownNodes nodes) {
        var reason = nodes.reason(task);
        if (reason != null) {
            throw new ProblemException(Problem.of(ProblemType.DOES_NOT_FIT, nodes.whyNeverFits(task))
                    .because(reason));
        }
    }

    /** Refreshes the snapshot for later requests; the current request does not wait for it. */
    private void refresh() {
        if (!read.isRunning()) {
            read.fromNowOn()
                    .subscribe()
                    .with(
                            _ -> {},
                            failure -> Log.debug("The nodes could not be read; the next request tries again", failure));
        }
    }

    private Uni<KnownNodes> read() {
        long startNanos = System.nanoTime();
        return readFrom(new ArrayList<>())
                .map(KnownNodes::new)
                .invoke(nodes -> snapshot = new Snapshot(nodes, startNanos));
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
