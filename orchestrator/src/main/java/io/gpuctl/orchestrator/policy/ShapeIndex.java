package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Node;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An index of all nodes for tasks of one shape: which nodes can take them, which node is the best, and what rules the
 * others out. A refresh examines only nodes that have changed since the last one.
 */
final class ShapeIndex {
    private final Scorer scorer;
    private final Shape shape;
    private final NodeRanks ranks;
    private final Tournament scores;
    /** One bit for each node that can take the task. */
    private final long[] fitting;
    /** The obstacle of each node; null if the node can take the task. */
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

    /** Examines the nodes that have changed. */
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

    /** Returns how many nodes can take the task. */
    int fittingCount() {
        return fittingCount;
    }

    /** Returns the first node with the highest score. At least one node must be able to take the task. */
    Node best() {
        return ranks.node(scores.indexOfMax());
    }

    /** Returns the node with this number, from 0, among the nodes that can take the task, in the order of the nodes. */
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

    /** Returns why no node can take the task. */
    PendingReason reason() {
        return tally.reason();
    }
}
