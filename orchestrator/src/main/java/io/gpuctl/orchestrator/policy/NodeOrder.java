package io.gpuctl.orchestrator.policy;

import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Nodes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order of the nodes that breaks ties: by id, or permuted by a seed. In the permutation, a node's place depends
 * only on the seed and its id, so two nodes keep their order when other nodes join.
 */
final class NodeOrder {
    private final boolean shuffled;
    private final long seed;

    private NodeOrder(boolean shuffled, long seed) {
        this.shuffled = shuffled;
        this.seed = seed;
    }

    static NodeOrder byId() {
        return new NodeOrder(false, 0);
    }

    static NodeOrder shuffled(long seed) {
        return new NodeOrder(true, seed);
    }

    List<Node> of(Nodes nodes) {
        List<Node> ordered = new ArrayList<>(nodes);
        if (!shuffled) {
            return ordered;
        }
        List<Keyed> keyed = new ArrayList<>(ordered.size());
        ordered.forEach(node -> keyed.add(new Keyed(Mix.of(seed, node.id().value()), node)));
        keyed.sort(Comparator.comparingLong(Keyed::key)); // A stable sort: equal keys stay in the order of the ids.
        return keyed.stream().map(Keyed::node).toList();
    }

    private record Keyed(long key, Node node) {}
}
