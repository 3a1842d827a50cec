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
 * The rating of one node by a placement policy. The results depend only on the node and the shape, so they may be
 * cached until the node changes.
 */
interface Scorer {
    /** Returns why the node cannot take the task now; null if it can. */
    default @Nullable Code obstacle(Node node, Shape shape) {
        return Fit.obstacle(node, shape);
    }

    /**
     * Returns the score: the highest wins, and the order of the nodes breaks ties. Called only for nodes without an
     * obstacle; never NaN.
     */
    double score(Node node, Shape shape);

    /** Returns the parts of the score, for the log. */
    SortedMap<String, Double> parts(Node node, Shape shape);

    /** Returns the GPUs that the task gets on the node, in ascending order. */
    List<Integer> gpus(Node node, Request request);

    /** Returns the node for the task. */
    default Node pick(ShapeIndex index, Request request) {
        return index.best();
    }
}
