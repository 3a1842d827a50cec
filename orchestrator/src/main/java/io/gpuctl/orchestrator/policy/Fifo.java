package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/**
 * First in, first out: no task runs ahead of one that is before it in the queue, and each gets the first node with
 * room, on its GPUs with the lowest indexes.
 */
final class Fifo implements Policy {
    static final String NAME = "fifo";

    Fifo(PolicySpec spec) {
        if (!spec.weights().isEmpty()) {
            throw new InvalidFieldException("policy.weights", spec.weights().keySet(), "absent: fifo has no weights");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isStrict() {
        return true;
    }

    @Override
    public Choice choose(TaskSpec task, Collection<Node> nodes) {
        for (Node node : nodes) {
            if (Fit.obstacle(node, task) == null) {
                return new Place(node, firstGpus(node, task.gpus()), Collections.emptySortedMap());
            }
        }
        Fit.Tally tally = new Fit.Tally();
        for (Node node : nodes) {
            PendingReason.Code obstacle = Fit.obstacle(node, task);
            if (obstacle != null) {
                tally.add(obstacle);
            }
        }
        return new Nowhere(tally.reason());
    }

    @Override
    public List<Candidate> explain(TaskSpec task, Collection<Node> nodes) {
        List<Candidate> candidates = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            PendingReason.Code obstacle = Fit.obstacle(node, task);
            candidates.add(
                    obstacle != null
                            ? new Candidate.RuledOut(node, obstacle)
                            : new Candidate.Scored(node, firstGpus(node, task.gpus()), 0, new TreeMap<>()));
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
