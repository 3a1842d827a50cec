package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What sets one placement policy apart: how it sees one node. Its answers rest on the node and the shape alone, so that
 * they may be kept until the node changes.
 */
interface Scorer {
    /** Why the node cannot take the task now; null if it can. */
    default @Nullable Code obstacle(Node node, Shape shape) {
        return Fit.obstacle(node, shape);
    }

    /** The highest wins, ties by the order of the nodes. Asked only of nodes without an obstacle; never NaN. */
    double score(Node node, Shape shape);

    /** What the score is made of, for the log. */
    SortedMap<String, Double> parts(Node node, Shape shape);

    /** The GPUs that the task gets on the node, ascending. */
    List<Integer> gpus(Node node, Request request);

    /** Which node is taken. */
    default Node pick(ShapeIndex index, Request request) {
        return index.best();
    }
}
