package io.gpuctl.orchestrator.core;

import io.gpuctl.events.NodeId;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a pool, in the order of their ids. Changed by {@link PoolState} alone; policies read it.
 *
 * <p>Every change of a node is numbered, and the newest are kept in a journal: so whoever derives something from the
 * nodes need not look at all of them again, but only at those that have changed since. This is no part of the state:
 * after a restart the numbers begin anew.
 */
public final class Nodes extends AbstractCollection<Node> {
    /** A power of two. Whoever is further behind looks at all nodes: that costs little more. */
    private static final int JOURNAL_LENGTH = 1 << 13;

    private final SortedMap<NodeId, Node> byId = new TreeMap<>();
    /** None ever leaves, so a position is for good. */
    private final List<Node> byPosition = new ArrayList<>();

    private final int[] journal = new int[JOURNAL_LENGTH];
    private long changes;
    private long inventoryVersion;

    void put(Node node) {
        byId.put(node.id(), node);
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
        return byId.get(nodeId);
    }

    /** Number of the newest change. */
    public long changes() {
        return changes;
    }

    /** Another number each time that what the nodes are made of has changed. */
    public long inventoryVersion() {
        return inventoryVersion;
    }

    /** Every node that has changed after the change of this number, once. Takes time in proportion to the changes. */
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
            if (node.changedAt() == number) { // Else it has changed again later.
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
