package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Nodes;
import io.gpuctl.orchestrator.core.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/** Each task gets the first node with room, on its GPUs with the lowest indexes. */
final class FirstFit implements Placement {
    static final String NAME = "first-fit";

    FirstFit(PolicySpec spec) {
        if (!spec.weights().isEmpty()) {
            throw new InvalidFieldException(
                    "policy.weights", spec.weights().keySet(), "absent: " + NAME + " has no weights");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Choice choose(Request request, Nodes nodes) {
        for (Node node : nodes) {
            if (Fit.obstacle(node, request.shape()) == null) {
                return Place.on(node, firstGpus(node, request.shape().gpus()), Collections.emptySortedMap());
            }
        }
        Fit.Tally tally = new Fit.Tally();
        for (Node node : nodes) {
            PendingReason.Code obstacle = Fit.obstacle(node, request.shape());
            if (obstacle != null) {
                tally.add(obstacle);
            }
        }
        return new Nowhere(tally.reason());
    }

    @Override
    public List<Candidate> explain(Request request, Nodes nodes) {
        List<Candidate> candidates = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            PendingReason.Code obstacle = Fit.obstacle(node, request.shape());
            candidates.add(
                    obstacle != null
                            ? new Candidate.RuledOut(node, obstacle)
                            : new Candidate.Scored(
                                    node, firstGpus(node, request.shape().gpus()), 0, new TreeMap<>()));
        }
        return candidates;
    }

    private static List<Integer> firstGpus(Node node, GpuRequest request) {
        List<Integer> gpus = new ArrayList<>(request.count());
        for (int gpu = 0; gpu < node.gpuCount() && gpus.size() < request.count(); gpu++) {
            if (Fit.fits(node, gpu, request)) {
                gpus.add(gpu);
            }
        }
        return gpus;
    }
}
