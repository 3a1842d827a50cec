package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Nodes;
import io.gpuctl.orchestrator.core.Placement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Places each task on the node that its scorer picks, usually the node with the best score.
 *
 * <p>It does not examine every node for every task. For each known shape of task it keeps the scores of the nodes, and
 * examines only nodes that have changed since; see {@link ShapeIndex}. So a decision costs, for each change, one
 * examination and the logarithm of the number of nodes; only a new shape needs a pass over all nodes. The indexes take
 * about 13 bytes for each node and shape; beyond {@link #ENTRIES_MAX}, the least recently used shapes are dropped. The
 * indexes are rebuilt when a node joins, or when the nodes of another pool are passed.
 */
final class RankedPlacement implements Placement {
    /** Maximum of nodes times shapes: about 55 MB. 20,000 nodes leave room for 209 shapes; the openb trace has 151. */
    private static final int ENTRIES_MAX = 1 << 22;

    private static final int SHAPES_MIN = 8;
    private static final int SHAPES_MAX = 1_024;

    private final String name;
    private final Scorer scorer;
    private final NodeOrder order;
    private @Nullable NodeRanks ranks;
    private final Map<Shape, ShapeIndex> indexes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, ShapeIndex> eldest) {
            return size() > shapesMax();
        }
    };

    RankedPlacement(String name, Scorer scorer, NodeOrder order) {
        this.name = name;
        this.scorer = scorer;
        this.order = order;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Choice choose(Request request, Nodes nodes) {
        ShapeIndex index = index(request.shape(), nodes);
        if (index.fittingCount() == 0) {
            return new Nowhere(index.reason());
        }
        Node node = scorer.pick(index, request);
        return Place.on(node, scorer.gpus(node, request), scorer.parts(node, request.shape()));
    }

    @Override
    public List<Candidate> explain(Request request, Nodes nodes) {
        List<Candidate> candidates = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            candidates.add(explain(request, node));
        }
        return candidates;
    }

    private Candidate explain(Request request, Node node) {
        Code obstacle = scorer.obstacle(node, request.shape());
        return obstacle != null
                ? new Candidate.RuledOut(node, obstacle)
                : new Candidate.Scored(
                        node,
                        scorer.gpus(node, request),
                        scorer.score(node, request.shape()),
                        scorer.parts(node, request.shape()));
    }

    private ShapeIndex index(Shape shape, Nodes nodes) {
        NodeRanks current = ranks;
        if (current == null || !current.holdFor(nodes)) {
            current = new NodeRanks(nodes, order);
            ranks = current;
            indexes.clear();
        }
        ShapeIndex index = indexes.get(shape);
        if (index == null) {
            index = new ShapeIndex(scorer, shape, current);
            indexes.put(shape, index);
        } else {
            index.refresh();
        }
        return index;
    }

    private int shapesMax() {
        int nodes = ranks == null ? 1 : Math.max(1, ranks.size());
        return Math.clamp(ENTRIES_MAX / nodes, SHAPES_MIN, SHAPES_MAX);
    }
}
