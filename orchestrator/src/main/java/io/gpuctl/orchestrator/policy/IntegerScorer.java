package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A scorer whose score is a whole number, like the scores of Kubernetes plugins, and which packs GPUs tightly. */
abstract class IntegerScorer implements Scorer {
    abstract int wholeScore(Node node, Shape shape);

    @Override
    public final double score(Node node, Shape shape) {
        return wholeScore(node, shape);
    }

    @Override
    public SortedMap<String, Double> parts(Node node, Shape shape) {
        SortedMap<String, Double> parts = new TreeMap<>();
        parts.put("score", score(node, shape));
        return parts;
    }

    @Override
    public List<Integer> gpus(Node node, Request request) {
        return Gpus.tightest(node, request.shape().gpus());
    }
}
