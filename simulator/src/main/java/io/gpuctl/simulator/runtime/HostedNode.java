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

/** A node of this process: its life, and what Kafka does not know of it yet. Of the simulation's thread alone. */
final class HostedNode {
    private final NodeLife life;
    private final Repairs repairs;
    private final byte[] key;
    /** Attempts that have ended, but whose report the broker has not confirmed. */
    private final TreeSet<AttemptId> unconfirmed = new TreeSet<>();

    private long beats;

    HostedNode(NodeLife life) {
        this.life = life;
        repairs = new Repairs(life);
        key = inventory().nodeId().value().getBytes(StandardCharsets.UTF_8);
    }

    /** To be called when everything that is due on the node until then has happened. */
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

    /** The node starts: nothing of its start before is to be confirmed any more. */
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

    /** Key of its records in Kafka. */
    byte[] key() {
        return key;
    }

    /** How many heartbeats came before this one. */
    long countBeat() {
        return beats++;
    }

    void ended(AttemptId attempt) {
        unconfirmed.add(attempt);
    }

    void confirmed(AttemptId attempt) {
        unconfirmed.remove(attempt);
    }

    /** The attempts that a heartbeat lists, in the order of their ids: those that run, and those whose end is not confirmed. */
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
