package io.gpuctl.simulator.runtime;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeEvent.Heartbeat;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.host.Mail;
import io.gpuctl.simulator.host.NodeLife;
import io.gpuctl.simulator.host.Repairs;
import io.gpuctl.simulator.model.NodeModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A node of this process, with the attempts whose end Kafka has not confirmed. For the simulation's thread only. */
final class HostedNode {
    private final NodeLife life;
    private final Repairs repairs;
    private final byte[] key;
    /** Ended attempts whose report the broker has not confirmed. */
    private final TreeSet<AttemptId> unconfirmed = new TreeSet<>();

    private long beats;

    HostedNode(NodeLife life) {
        this.life = life;
        repairs = new Repairs(life);
        key = inventory().nodeId().value().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the node's state. Call this after all events due by {@code nowMs} have happened. */
    Suspension.Host suspend(long nowMs) {
        NodeModel model = life.model();
        long outageEndsMs = repairs.outageEndsMs();
        Mail mail = life.mail();
        return new Suspension.Host(
                inventory(),
                life.incarnation(),
                model == null ? null : model.suspend(nowMs),
                life.isCutOff(),
                outageEndsMs == NodeModel.NEVER ? NodeModel.NEVER : outageEndsMs - nowMs,
                mail.unsaidEvents(),
                mail.unsaidReports(),
                mail.missed());
    }

    /** Forgets unconfirmed attempts of the previous start. */
    void forgetUnconfirmed() {
        unconfirmed.clear();
    }

    NodeLife life() {
        return life;
    }

    Repairs repairs() {
        return repairs;
    }

    boolean isUp() {
        return life.model() != null;
    }

    NodeInventory inventory() {
        return life.inventory();
    }

    /** Returns the key of the node's records in Kafka. */
    byte[] key() {
        return key;
    }

    /** Counts a heartbeat, and returns the number of earlier ones. */
    long countBeat() {
        return beats++;
    }

    void ended(AttemptId attempt) {
        unconfirmed.add(attempt);
    }

    void confirmed(AttemptId attempt) {
        unconfirmed.remove(attempt);
    }

    /** Returns the attempts of a heartbeat in the order of their ids: running, or with an unconfirmed end. */
    List<AttemptId> runningOrUnconfirmed(NodeModel model) {
        List<AttemptId> running = model.running();
        if (unconfirmed.isEmpty()) {
            return running;
        }
        var all = new TreeSet<>(running);
        unconfirmed.stream()
                .limit(Heartbeat.RUNNING_MAX - (long) running.size())
                .forEach(all::add);
        return new ArrayList<>(all);
    }
}
