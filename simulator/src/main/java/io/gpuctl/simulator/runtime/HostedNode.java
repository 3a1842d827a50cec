package io.gpuctl.simulator.runtime;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeEvent.Heartbeat;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.TaskReport;
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
    private final Start start;
    private final byte[] key;
    private NodeModel model;
    /** Ended, but the broker has not confirmed the report. */
    private final TreeSet<AttemptId> unconfirmed = new TreeSet<>();

    private long nextEventMs = NodeModel.NEVER;
    private long beats;
    private boolean alive = true;
    private boolean afterCrash;
    private boolean cutOff;
    private long reach;
    private long restartAtMs = NodeModel.NEVER;
    private long outageEndsMs = NodeModel.NEVER;
    private final List<NodeEvent> unsaidEvents = new ArrayList<>();
    private final List<TaskReport> unsaid = new ArrayList<>();
    private final List<NodeCommand> missed = new ArrayList<>();

    /** Makes the model of a node that starts. */
    @FunctionalInterface
    interface Start {
        NodeModel at(long incarnation, long startMs);
    }

    /** @param model what runs first */
    HostedNode(int index, Start start, NodeModel model) {
        this.index = index;
        this.start = start;
        this.model = model;
        key = inventory().nodeId().value().getBytes(StandardCharsets.UTF_8);
    }

    /** Takes up where it was suspended, with the model that was made of that; to be called before anything else. */
    void resume(Suspension.Host host, long nowMs) {
        if (host.model() == null) {
            crash(nowMs);
        } else {
            cutOff = host.cutOff();
            unsaidEvents.addAll(host.unsaidEvents());
            unsaid.addAll(host.unsaid());
            missed.addAll(host.missed());
        }
    }

    /** To be called when all that is due on it until then has happened. */
    Suspension.Host suspend(long nowMs) {
        return new Suspension.Host(
                inventory(),
                model.incarnation(),
                alive ? model.suspend(nowMs) : null,
                cutOff,
                outageEndsMs == NodeModel.NEVER ? NodeModel.NEVER : outageEndsMs - nowMs,
                unsaidEvents,
                unsaid,
                missed);
    }

    int index() {
        return index;
    }

    /** It has crashed, and does nothing any more until it starts anew. */
    void crash(long nowMs) {
        model.leave(nowMs);
        alive = false;
        changeReach();
    }

    /** It starts anew, with nothing running on it. */
    void start(long incarnation, long nowMs) {
        if (alive) {
            model.leave(nowMs);
        }
        afterCrash = !alive;
        model = start.at(incarnation, nowMs);
        alive = true;
        restartAtMs = NodeModel.NEVER;
        unconfirmed.clear();
        changeReach();
    }

    private void changeReach() {
        reach++;
        cutOff = false;
        outageEndsMs = NodeModel.NEVER;
        unsaid.clear();
        unsaidEvents.clear();
        missed.clear();
        nextEventMs = NodeModel.NEVER;
    }

    boolean isAlive() {
        return alive;
    }

    /** Whether its start before this one ended in a crash. */
    boolean isAfterCrash() {
        return afterCrash;
    }

    /** It goes on with what it runs, but hears nothing and is not heard. */
    void cutOff() {
        cutOff = true;
        reach++;
    }

    boolean isCutOff() {
        return cutOff;
    }

    /** It hears and is heard again. */
    void reconnect() {
        cutOff = false;
        outageEndsMs = NodeModel.NEVER;
        reach++;
    }

    /** Another number whenever it can be reached again or no more, or has started anew. */
    long reach() {
        return reach;
    }

    /** What it has to say once it is heard again, at most a few reports for each attempt that it runs. */
    void keep(List<NodeEvent> events, List<TaskReport> reports) {
        unsaidEvents.addAll(events);
        for (TaskReport report : reports) {
            if (RepeatedReports.isRepeated(report)) {
                unsaid.removeIf(older ->
                        older.getClass() == report.getClass() && older.attempt().equals(report.attempt()));
            }
            unsaid.add(report);
        }
    }

    List<NodeEvent> unsaidEvents() {
        return drained(unsaidEvents);
    }

    List<TaskReport> unsaid() {
        return drained(unsaid);
    }

    /** What it will be told once it hears again. */
    void miss(NodeCommand command) {
        missed.add(command);
    }

    List<NodeCommand> missed() {
        return drained(missed);
    }

    private static <T> List<T> drained(List<T> list) {
        List<T> copy = List.copyOf(list);
        list.clear();
        return copy;
    }

    /** When it will be started anew, as far as that is planned. */
    long restartAtMs() {
        return restartAtMs;
    }

    void restartAt(long atMs) {
        restartAtMs = atMs;
    }

    /** When it is back that has crashed or is cut off. */
    void outageEndsAt(long atMs) {
        outageEndsMs = atMs;
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
        var all = new TreeSet<>(running);
        unconfirmed.stream()
                .limit(Heartbeat.RUNNING_MAX - (long) running.size())
                .forEach(all::add);
        return new ArrayList<>(all);
    }
}
