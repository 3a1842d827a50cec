package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a pool, in the order of their ids. Only {@link PoolState} changes them; policies read them.
 *
 * <p>Every change of a node is numbered, and a journal keeps the newest changes: an index over the nodes can update
 * itself from the nodes that have changed since. The journal is not part of the state: after a restart the numbers
 * begin again.
 */
public final class Nodes extends AbstractCollection<Node> {
    /** A power of two. An index that is further behind looks at all nodes, which costs little more. */
    private static final int JOURNAL_LENGTH = 1 << 13;

    private final SortedMap<NodeId, Node> byId = new TreeMap<>();
    /** The same nodes: a look-up in a hash table compares one id instead of a dozen. */
    private final Map<NodeId, Node> index = new LinkedHashMap<>();

    /** Nodes are never removed, so a position never changes. */
    private final List<Node> byPosition = new ArrayList<>();

    private final int[] journal = new int[JOURNAL_LENGTH];
    private long changes;
    private long inventoryVersion;

    void put(Node node) {
        byId.put(node.id(), node);
        index.put(node.id(), node);
        node.join(this, byPosition.size());
        byPosition.add(node);
        inventoryChanged();
    }

    /** Numbers a change of the node at this position. */
    long note(int position) {
        journal[(int) (changes % JOURNAL_LENGTH)] = position;
        changes++;
        return changes;
    }

    void inventoryChanged() {
        inventoryVersion++;
    }

    public @Nullable Node find(NodeId nodeId) {
        return index.get(nodeId);
    }

    /** Returns the node with this {@link Node#position()}. */
    Node at(int position) {
        return byPosition.get(position);
    }

    /** Returns the number of the newest change. */
    public long changes() {
        return changes;
    }

    /** Returns a number that changes whenever the inventory of a node changes. */
    public long inventoryVersion() {
        return inventoryVersion;
    }

    /**
     * Calls the action once for every node that has changed after the change with this number. Takes time in proportion
     * to the changes.
     */
    public void forEachChangedSince(long change, Consumer<Node> action) {
        if (changes - change > JOURNAL_LENGTH) {
            for (Node node : byPosition) {
                if (node.changedAt() > change) {
                    action.accept(node);
                }
            }
            return;
        }
        for (long number = change + 1; number <= changes; number++) {
            Node node = byPosition.get(journal[(int) ((number - 1) % JOURNAL_LENGTH)]);
            if (node.changedAt() == number) { // Otherwise the node has changed again later.
                action.accept(node);
            }
        }
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
