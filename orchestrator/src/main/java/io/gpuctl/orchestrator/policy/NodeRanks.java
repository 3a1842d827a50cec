package io.gpuctl.orchestrator.policy;

import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Nodes;
import java.util.List;

/** The nodes of a pool in the order that breaks ties; valid until a node joins. */
final class NodeRanks {
    private final Nodes nodes;
    private final List<Node> byRank;
    private final int[] rankByPosition;

    NodeRanks(Nodes nodes, NodeOrder order) {
        this.nodes = nodes;
        byRank = order.of(nodes);
        rankByPosition = new int[byRank.size()];
        for (int rank = 0; rank < rankByPosition.length; rank++) {
            rankByPosition[byRank.get(rank).position()] = rank;
        }
    }

    boolean holdFor(Nodes others) {
        return nodes.equals(others) && byRank.size() == others.size();
    }

    Nodes nodes() {
        return nodes;
    }

    int size() {
        return byRank.size();
    }

    Node node(int rank) {
        return byRank.get(rank);
    }

    int rank(Node node) {
        return rankByPosition[node.position()];
    }
}
