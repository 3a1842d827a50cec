package io.gpuctl.api.nodes;

import io.gpuctl.api.answer.JsonAnswer;
import io.gpuctl.api.answer.JsonRenderer;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.PoolView;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Returns nodes as clients see them now. */
@ApplicationScoped
class ShownNodes {

    /** Maximum number of slow nodes for which a listing reads telemetry, to say which of their GPUs are throttled. */
    private static final int SLOW_NODES_MEASURED_MAX = 20;

    private final ClusterViews views;
    private final ClusterClock clock;
    private final NodeJson json;

    ShownNodes(ClusterViews views, ClusterClock clock, JsonRenderer renderer) {
        this.views = views;
        this.clock = clock;
        json = new NodeJson(renderer);
    }

    /** Returns the node with the last measurements of its GPUs, as JSON. */
    Uni<JsonAnswer> one(NodeView view) {
        var measured = views.telemetry(view.inventory().nodeId());
        return switch (view.state()) {
            case UP, DOWN -> measured.map(sample -> one(view, sample, List.of()));
            // How long the node has been silent depends on the settings of its pool.
            case SUSPECT, LOST ->
                Uni.combine().all().unis(views.pools(), measured).with((pools, sample) -> one(view, sample, pools));
        };
    }

    private JsonAnswer one(NodeView view, Optional<NodeTelemetry> sample, List<PoolView> pools) {
        return json.of(view, sample.orElse(null), Moment.of(clock, pools));
    }

    /** Returns the nodes in the given order, each with the last measurements of its GPUs. */
    Uni<List<Node>> measured(List<NodeView> nodes) {
        var ids = nodes.stream().map(view -> view.inventory().nodeId()).toList();
        return Uni.combine().all().unis(views.pools(), views.telemetry(ids)).with((pools, samples) -> {
            var moment = Moment.of(clock, pools);
            Map<NodeId, NodeTelemetry> byNode = new HashMap<>();
            samples.forEach(sample -> byNode.put(sample.nodeId(), sample));
            return nodes.stream()
                    .map(view -> Node.of(view, byNode.get(view.inventory().nodeId()), false, moment))
                    .toList();
        });
    }

    /** Returns the nodes in the given order, without measurements. */
    Uni<List<Node>> all(List<NodeView> nodes) {
        var slow = nodes.stream()
                .filter(view -> view.upkeep().slowReports() > 0)
                .limit(SLOW_NODES_MEASURED_MAX)
                .map(view -> views.telemetry(view.inventory().nodeId()))
                .toList();
        Uni<List<Optional<NodeTelemetry>>> measured = slow.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join().all(slow).andFailFast();
        return Uni.combine().all().unis(views.pools(), measured).with((pools, samples) -> {
            var moment = Moment.of(clock, pools);
            return nodes.stream()
                    .map(view -> Node.of(view, sampleOf(view, samples), true, moment))
                    .toList();
        });
    }

    private static @Nullable NodeTelemetry sampleOf(NodeView view, List<Optional<NodeTelemetry>> samples) {
        return samples.stream()
                .flatMap(Optional::stream)
                .filter(sample -> sample.nodeId().equals(view.inventory().nodeId()))
                .findFirst()
                .orElse(null);
    }
}
