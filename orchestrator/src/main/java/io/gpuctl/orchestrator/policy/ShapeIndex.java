package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Node;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How all nodes stand for tasks of one shape: which can take them, which is the best, and what rules the others out. Only
 * nodes that have changed since it was refreshed last are looked at again.
 */
final class ShapeIndex {
    private final Scorer scorer;
    private final Shape shape;
    private final NodeRanks ranks;
    private final Tournament scores;
    /** One bit for each node that can take the task. */
    private final long[] fitting;
    /** What rules out each node; null for one that can take the task. */
    private final @Nullable Code[] obstacles;

    private final PendingReason.Tally tally = new PendingReason.Tally();
    private final Consumer<Node> look = this::look;
    private int fittingCount;
    private long seenChange;

    ShapeIndex(Scorer scorer, Shape shape, NodeRanks ranks) {
        this.scorer = scorer;
        this.shape = shape;
        this.ranks = ranks;
        scores = new Tournament(ranks.size());
        fitting = new long[(ranks.size() + Long.SIZE - 1) / Long.SIZE];
        obstacles = new Code[ranks.size()];
        seenChange = ranks.nodes().changes();
        for (int rank = 0; rank < ranks.size(); rank++) {
            enter(rank, ranks.node(rank));
        }
    }

    /** Looks at the nodes that have changed. */
    void refresh() {
        ranks.nodes().forEachChangedSince(seenChange, look);
        seenChange = ranks.nodes().changes();
    }

    private void look(Node node) {
        int rank = ranks.rank(node);
        leave(rank);
        enter(rank, node);
    }

    private void leave(int rank) {
        Code obstacle = obstacles[rank];
        if (obstacle == null) {
            fitting[rank / Long.SIZE] &= ~(1L << rank);
            fittingCount--;
        } else {
            tally.remove(obstacle);
        }
    }

    private void enter(int rank, Node node) {
        Code obstacle = scorer.obstacle(node, shape);
        obstacles[rank] = obstacle;
        if (obstacle == null) {
            fitting[rank / Long.SIZE] |= 1L << rank;
            fittingCount++;
            scores.set(rank, scorer.score(node, shape));
        } else {
            tally.add(obstacle);
            scores.set(rank, Double.NEGATIVE_INFINITY);
        }
    }

    /** How many nodes can take the task. */
    int fittingCount() {
        return fittingCount;
    }

    /** The first of those with the highest score. There must be one that can take the task. */
    Node best() {
        return ranks.node(scores.indexOfMax());
    }

    /** One of those that can take the task, counted from 0 in the order of the nodes. */
    Node fitting(int number) {
        int left = number;
        int word = 0;
        while (left >= Long.bitCount(fitting[word])) {
            left -= Long.bitCount(fitting[word]);
            word++;
        }
        long bits = fitting[word];
        for (; left > 0; left--) {
            bits &= bits - 1;
        }
        return ranks.node(word * Long.SIZE + Long.numberOfTrailingZeros(bits));
    }

    /** Why none can take the task. */
    PendingReason reason() {
        return tally.reason();
    }
}
