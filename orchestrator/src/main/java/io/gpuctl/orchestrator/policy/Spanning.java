package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.GangLayout;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.GangNodes;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Nodes;
import io.gpuctl.orchestrator.core.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Spreads gangs that are too large for any one node over several nodes, by the rule of {@link GangLayout}, which leaves
 * no choice to a score. Another placement places all other tasks.
 */
final class Spanning implements Placement {
    /** The number of shapes that are remembered; then all are forgotten. */
    private static final int REMEMBERED_MAX = 1_000;

    private final Placement onOneNode;
    /** The nodes that gangs of a shape may span; empty if one node could hold the task. */
    private final Map<Shape, Optional<GangNodes>> known = new LinkedHashMap<>();

    private @Nullable Nodes knownOf;
    private long inventoryVersion;

    Spanning(Placement onOneNode) {
        this.onOneNode = onOneNode;
    }

    @Override
    public String name() {
        return onOneNode.name();
    }

    @Override
    public Choice choose(Request request, Nodes nodes) {
        GangNodes spanned = spanned(request.shape(), nodes);
        if (spanned == null) {
            return onOneNode.choose(request, nodes);
        }
        Shape shape = request.shape();
        List<Part> parts = new ArrayList<>();
        for (GangLayout.Part part : GangLayout.lay(shape.gpus().count(), shape.maxNodes(), spanned)) {
            Node node = spanned.node(part.site());
            parts.add(new Part(node, Gpus.first(node, spanned.part(part.gpus()).gpus())));
        }
        return parts.isEmpty() ? nowhere(spanned, nodes) : new Place(parts, Collections.emptySortedMap());
    }

    /** Returns the nodes that the gang may span; null if the task needs only one node. */
    private @Nullable GangNodes spanned(Shape shape, Nodes nodes) {
        if (shape.maxNodes() == 1) {
            return null;
        }
        if (!nodes.equals(knownOf) || inventoryVersion != nodes.inventoryVersion() || known.size() >= REMEMBERED_MAX) {
            known.clear();
            knownOf = nodes;
            inventoryVersion = nodes.inventoryVersion();
        }
        return known.computeIfAbsent(shape, asked -> spanning(asked, nodes)).orElse(null);
    }

    private static Optional<GangNodes> spanning(Shape shape, Nodes nodes) {
        GangNodes spanned = new GangNodes(shape, nodes);
        return spanned.size() > 0 && GangLayout.spans(shape.gpus().count(), spanned)
                ? Optional.of(spanned)
                : Optional.empty();
    }

    private static Nowhere nowhere(GangNodes spanned, Nodes nodes) {
        PendingReason.Tally tally = new PendingReason.Tally();
        for (Node node : nodes) {
            Code obstacle = obstacle(node, spanned);
            // The node itself is suitable, but there are too few such nodes.
            tally.add(obstacle == null ? Code.INSUFFICIENT_GPUS : obstacle);
        }
        return new Nowhere(tally.reason());
    }

    /** Returns why the gang cannot fill the node. */
    private static @Nullable Code obstacle(Node node, GangNodes spanned) {
        return node.gpuCount() == 0 ? Code.INSUFFICIENT_GPUS : Fit.obstacle(node, spanned.part(node.gpuCount()));
    }

    @Override
    public List<Candidate> explain(Request request, Nodes nodes) {
        Shape shape = request.shape();
        GangNodes spanned = spanned(shape, nodes);
        if (spanned == null) {
            return onOneNode.explain(request, nodes);
        }
        List<Candidate> candidates = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            Code obstacle = obstacle(node, spanned);
            candidates.add(
                    obstacle != null
                            ? new Candidate.RuledOut(node, obstacle)
                            : new Candidate.Scored(
                                    node,
                                    Gpus.first(
                                            node, spanned.part(node.gpuCount()).gpus()),
                                    0,
                                    new TreeMap<>()));
        }
        return candidates;
    }
}
