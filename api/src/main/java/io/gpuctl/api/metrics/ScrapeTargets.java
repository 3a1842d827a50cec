package io.gpuctl.api.metrics;

import io.gpuctl.api.metrics.MetricsResource.ScrapeTarget;
import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.telemetry.runtime.PageEnd;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.views.NodeView;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The scrape targets for Prometheus: which instance serves the page of which node. */
@ApplicationScoped
class ScrapeTargets {

    private final ClusterViews views;

    ScrapeTargets(ClusterViews views) {
        this.views = views;
    }

    /** Returns all targets, sorted by the nodes' ids as text. */
    Uni<List<ScrapeTarget>> all() {
        return views.telemetryAddresses()
                .chain(addressOf -> nodesAfter(null, new ArrayList<>())
                        .map(nodes -> nodes.stream()
                                .map(node -> target(node, addressOf))
                                .toList()));
    }

    /** Reads all nodes that have not shut down, page by page. */
    private Uni<List<NodeView>> nodesAfter(@Nullable NodeId after, List<NodeView> before) {
        return views.nodes(after, Views.LIMIT_MAX).chain(page -> {
            page.stream().filter(node -> node.state() != NodeState.DOWN).forEach(before::add);
            return PageEnd.isFull(page, Views.LIMIT_MAX, NodeView::attemptCount)
                    ? nodesAfter(page.getLast().inventory().nodeId(), before)
                    : Uni.createFrom().item(before);
        });
    }

    private static ScrapeTarget target(NodeView node, Function<NodeId, HostAndPort> addressOf) {
        var inventory = node.inventory();
        String id = inventory.nodeId().value();
        return new ScrapeTarget(
                List.of(addressOf.apply(inventory.nodeId()).toString()),
                new ScrapeTarget.Labels(
                        "/metrics/nodes/" + id, // An id has no character that needs escaping in a path.
                        id,
                        inventory.pool().value(),
                        inventory.rack()));
    }
}
