package io.gpuctl.simulator.runtime;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.model.NodeModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** A node of this process: its model, and what Kafka does not know of it yet. Of the simulation's thread alone. */
final class HostedNode {
    /** The one whose model changes first by itself comes first. */
    static final Comparator<HostedNode> BY_NEXT_EVENT =
            Comparator.comparingLong(HostedNode::nextEventMs).thenComparingInt(HostedNode::index);

    private final int index;
    private final NodeModel model;
    private final byte[] key;
    /** Ended, but the broker has not confirmed the report. */
    private final TreeSet<AttemptId> unconfirmed = new TreeSet<>();

    /** The other nodes in its rack. */
    private List<HostedNode> mates = List.of();

    private long nextEventMs = NodeModel.NEVER;
    private long beats;

    HostedNode(int index, NodeModel model) {
        this.index = index;
        this.model = model;
        key = inventory().nodeId().value().getBytes(StandardCharsets.UTF_8);
    }

    int index() {
        return index;
    }

    NodeModel model() {
        return model;
    }

    NodeInventory inventory() {
        return model.inventory();
    }

    /** Key of its records in Kafka. */
    byte[] key() {
        return key;
    }

    List<HostedNode> mates() {
        return mates;
    }

    void mates(List<HostedNode> others) {
        mates = List.copyOf(others);
    }

    /** As it stood when the node was last filed in the order of events. */
    long nextEventMs() {
        return nextEventMs;
    }

    void refreshNextEvent() {
        nextEventMs = model.nextEventMs();
    }

    /** How often it has beaten before this beat. */
    long countBeat() {
        return beats++;
    }

    void ended(AttemptId attempt) {
        unconfirmed.add(attempt);
    }

    void confirmed(AttemptId attempt) {
        unconfirmed.remove(attempt);
    }

    /** What a heartbeat lists, in the order of ids. */
    List<AttemptId> runningOrUnconfirmed() {
        List<AttemptId> running = model.running();
        if (unconfirmed.isEmpty()) {
            return running;
        }
        var all = new TreeSet<>(unconfirmed);
        all.addAll(running);
        return new ArrayList<>(all);
    }
}
