package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import java.util.AbstractCollection;
import java.util.Collections;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The nodes of a pool, in the order of their ids. Changed by {@link PoolState} alone; policies read it. */
public final class Nodes extends AbstractCollection<Node> {
    private final SortedMap<NodeId, Node> byId = new TreeMap<>();

    void put(Node node) {
        byId.put(node.id(), node);
    }

    public @Nullable Node find(NodeId nodeId) {
        return byId.get(nodeId);
    }

    @Override
    public Iterator<Node> iterator() {
        return Collections.unmodifiableCollection(byId.values()).iterator();
    }

    @Override
    public int size() {
        return byId.size();
    }
}
