package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** Rates all nodes with room equally, so the first is taken, and of its GPUs the ones with the lowest indexes. */
final class FirstFit implements Scorer {
    static final String NAME = "first-fit";

    @Override
    public double score(Node node, Shape shape) {
        return 0;
    }

    @Override
    public SortedMap<String, Double> parts(Node node, Shape shape) {
        return Collections.emptySortedMap();
    }

    @Override
    public List<Integer> gpus(Node node, Request request) {
        return Gpus.first(node, request.shape().gpus());
    }
}
