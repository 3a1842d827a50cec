package io.gpuctl.simulator.runtime;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeEvent.Heartbeat;
import io.gpuctl.events.NodeEvent.ShutDown;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.kafka.DeadLetters;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.faults.RepairTimes;
import io.gpuctl.simulator.host.Said;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.Site;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All nodes of this process, in step with the clock. For one thread only.
 *
 * <p>{@link #step} advances each node with a due event, sends due records, and waits for commands until the next node
 * is due. A stall delays reports, but does not change the times in them, which come from the model.
 */
final class Simulation {
    private static final Logger LOG = LoggerFactory.getLogger(Simulation.class);

    /** Nodes repeat their registration, since the orchestrator may have lost its state or not have been running. */
    private static final int BEATS_PER_REGISTRATION = 10;

    /** Less than the time between heartbeats, so that nodes with many due events still send heartbeats. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long BEHIND_WALL_MS = 5_000;
    private static final long WARNING_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long COUNT_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ClusterClock clock;
    private final CommandReader commands;
    private final Outbox outbox;
    private final LossySender lossy;
    private final Site site;
    private final List<HostedNode> nodes;
    private final Map<NodeId, HostedNode> nodesById = new HashMap<>();
    private final Pulse pulse;
    /** Heartbeats of a node from one measurement to the next. */
    private final int beatsPerMeasurement;

    private final NodeFaults faults;
    private final RepeatedReports repeated;
    private long stepEndsNanos;
    private long nextCountNanos = System.nanoTime();
    private volatile int aliveCount;
    private volatile int attemptCount;
    private long nextWarningNanos = System.nanoTime();

    Simulation(
            ClusterClock clock,
            FaultSettings faultSettings,
            RepairTimes repairs,
            Suspension.Beginning beginning,
            Site site,
            List<HostedNode> nodes,
            int beatsPerMeasurement,
            CommandReader commands,
            Outbox outbox,
            LossySender lossy) {
        this.clock = clock;
        faults = new NodeFaults(
                faultSettings,
                repairs,
                nodes.stream().map(HostedNode::inventory).toList(),
                beginning.faultsSinceMs(),
                beginning.atMs(),
                new FaultActions());
        this.site = site;
        this.nodes = nodes;
        this.beatsPerMeasurement = beatsPerMeasurement;
        this.commands = commands;
        this.outbox = outbox;
        this.lossy = lossy;
        nodes.forEach(node -> nodesById.put(node.inventory().nodeId(), node));
        pulse = new Pulse(nodes.size(), System.nanoTime());
        repeated = new RepeatedReports(System.nanoTime(), outbox::isBehind, this::send);
    }

    /** Registers the nodes; nodes that are down or cut off send nothing. */
    void register() {
        long nowMs = clock.nowMs();
        nodes.forEach(node -> tell(node, node.life().register(nowMs)));
    }

    /** Resumes the plans and unsent records of suspended nodes. Call this before the nodes register. */
    void resume(Suspension.Beginning beginning) {
        long nowMs = beginning.atMs();
        for (var node : nodes) {
            var host = beginning.hostOf(node.inventory());
            if (host == null) {
                continue;
            }
            if (host.outageEndsMs() != NodeModel.NEVER) {
                faults.planEndOfOutage(node, nowMs + host.outageEndsMs());
            }
            faults.planRestart(node);
        }
        beginning.unsentEvents().forEach(this::sayAgain);
        beginning.unsentReports().forEach(this::sayAgain);
        for (var host : beginning.hosts()) {
            if (!nodesById.containsKey(host.inventory().nodeId())) { // No longer simulated.
                outbox.add(farewell(host.inventory(), host.incarnation(), nowMs), () -> {});
            }
        }
    }

    private void sayAgain(NodeEvent event) {
        var node = nodesById.get(event.nodeId());
        if (node != null) {
            outbox.add(record(node, event), () -> {});
        }
    }

    private void sayAgain(TaskReport report) {
        var node = nodesById.get(report.source().nodeId());
        if (node != null) {
            tell(report);
        }
    }

    /**
     * Handles what is due, and waits for commands or the next due time.
     *
     * @throws org.apache.kafka.common.errors.WakeupException if the reader was woken up
     */
    void step() {
        stepEndsNanos = System.nanoTime() + STEP_NANOS;
        faults.happen(letPass(clock.nowMs()));
        repeated.sendDue(System.nanoTime());
        outbox.pump(System.nanoTime());
        pulse.beat(System.nanoTime(), this::beat);
        outbox.pump(System.nanoTime());
        commands.pause(outbox.isFull());
        commands.poll(untilNextDue(), this::obey, injection -> faults.inject(injection, clock.nowMs()), this::bury);
        count();
    }

    private void count() {
        if (System.nanoTime() - nextCountNanos < 0) {
            return;
        }
        nextCountNanos = System.nanoTime() + COUNT_PERIOD_NANOS;
        aliveCount = (int) nodes.stream().filter(HostedNode::isUp).count();
        attemptCount = nodes.stream()
                .map(node -> node.life().model())
                .filter(model -> model != null && !model.isIdle())
                .mapToInt(model -> model.running().size())
                .sum();
    }

    /** Returns the number of nodes that are up, at most a second old. May be called from any thread. */
    int aliveCount() {
        return aliveCount;
    }

    /** Returns the number of running attempts, at most a second old. May be called from any thread. */
    int attemptCount() {
        return attemptCount;
    }

    /**
     * Handles all due events of all nodes in the order of time, but not for longer than a step may take. If more is due
     * than this machine can handle, the nodes fall behind the clock, but still send heartbeats and obey.
     *
     * @return the time that the nodes have reached, ms
     */
    private long letPass(long nowMs) {
        for (var due = site.firstDue(); due != null && due.nextEventMs() <= nowMs; due = site.firstDue()) {
            long dueMs = due.nextEventMs();
            if (System.nanoTime() - stepEndsNanos > 0) {
                sayHowFarBehind(nowMs - dueMs);
                return dueMs - 1;
            }
            var node = require(due.inventory().nodeId());
            apply(node, node.life().advance(dueMs));
        }
        return nowMs;
    }

    private void sayHowFarBehind(long behindMs) {
        long behindWallMs = Math.round(behindMs / clock.speed());
        if (behindWallMs > BEHIND_WALL_MS && System.nanoTime() - nextWarningNanos > 0) {
            nextWarningNanos = System.nanoTime() + WARNING_NANOS;
            LOG.warn(
                    "The nodes are {} s behind the clock: this machine is too slow to simulate them",
                    behindWallMs / 1_000);
        }
    }

    private Duration untilNextDue() {
        long pulseMs = Math.ceilDiv(pulse.nanosUntilNext(System.nanoTime()), 1_000_000L);
        long nextMs = Math.min(faults.nextAtMs(), site.nextEventMs());
        if (nextMs == NodeModel.NEVER) {
            return Duration.ofMillis(pulseMs);
        }
        long eventMs = clock.wallMs(nextMs) - clock.wallTime().nowMs();
        return Duration.ofMillis(Math.clamp(eventMs, 0, pulseMs));
    }

    private void obey(NodeCommand command) {
        var node = nodesById.get(command.nodeId());
        if (node != null) { // Otherwise the node is in another simulator.
            apply(node, node.life().obey(command, letPass(clock.nowMs())));
        }
    }

    private HostedNode require(NodeId nodeId) {
        var node = nodesById.get(nodeId);
        if (node == null) {
            throw new IllegalStateException("Node %s is on the site, but not in this process".formatted(nodeId));
        }
        return node;
    }

    private void bury(ConsumerRecord<byte @Nullable [], byte @Nullable []> unreadable, Exception cause) {
        outbox.add(DeadLetters.logged(LOG, unreadable, cause), () -> {});
    }

    /** Sends the messages of a node that has changed, and plans a restart if the node needs one. */
    private void apply(HostedNode node, Said said) {
        faults.planRestart(node);
        tell(node, said);
    }

    private void tell(HostedNode node, Said said) {
        said.events().forEach(event -> outbox.add(record(node, event), () -> {}));
        said.reports().forEach(this::tell);
        if (said.farewell() != null) {
            outbox.add(record(node, said.farewell()), () -> {});
        }
    }

    private void tell(TaskReport report) {
        if (report.recurs()) {
            repeated.offer(report, System.nanoTime());
        } else if (report.endsAttempt()) {
            repeated.endWith(report);
        } else {
            send(report);
        }
    }

    private void send(TaskReport report) {
        AttemptId attempt = report.attempt();
        byte[] key = attempt.taskId().value().getBytes(StandardCharsets.UTF_8);
        var record = new ProducerRecord<byte @Nullable [], @Nullable Object>(Topics.TASK_REPORTS.name(), key, report);
        var node = nodesById.get(report.source().nodeId());
        if (node != null && report.endsAttempt()) {
            node.ended(attempt);
            outbox.add(record, () -> node.confirmed(attempt));
        } else {
            outbox.add(record, () -> {});
        }
    }

    private void beat(int index) {
        var node = nodes.get(index);
        long nowMs = letPass(clock.nowMs());
        var life = node.life();
        apply(node, life.advance(nowMs));
        var model = life.model();
        if (model == null || life.isCutOff()) {
            return;
        }
        var inventory = node.inventory();
        long beat = node.countBeat();
        if (beat % BEATS_PER_REGISTRATION == BEATS_PER_REGISTRATION - 1) {
            life.register(nowMs).events().forEach(event -> lossy.send(record(node, event)));
        }
        lossy.send(record(
                node,
                new Heartbeat(
                        inventory.pool(),
                        inventory.nodeId(),
                        life.incarnation(),
                        node.runningOrUnconfirmed(model),
                        nowMs)));
        // Not all nodes of a slot at the same beat.
        boolean measures = (beat + Pulse.turn(index)) % beatsPerMeasurement == 0;
        if (measures && inventory.gpuCount() > 0) {
            NodeTelemetry measured = model.telemetry(nowMs).every(beatsPerMeasurement * Pulse.PERIOD.toMillis());
            lossy.send(new ProducerRecord<>(Topics.GPU_TELEMETRY.name(), node.key(), measured));
        }
    }

    /** Carries out faults and repairs on nodes. */
    private final class FaultActions implements NodeFaults.Actions {
        @Override
        public @Nullable HostedNode node(NodeId nodeId) {
            return nodesById.get(nodeId);
        }

        @Override
        public void strike(HostedNode node, Fault fault, long nowMs) {
            long atMs = letPass(nowMs);
            if (fault.kind() == FaultKind.NODE_CRASH) {
                releaseRepeated(node);
            }
            apply(node, node.life().strike(fault, atMs));
        }

        @Override
        public void start(HostedNode node, long nowMs) {
            // Above the incarnation of the last start, however fast the node restarts.
            long incarnation =
                    Math.max(node.life().incarnation() + 1, clock.wallTime().nowMs());
            long startMs = letPass(Math.max(nowMs, clock.nowMs()));
            node.forgetUnconfirmed();
            apply(node, node.life().start(incarnation, startMs));
            apply(node, node.life().advance(startMs));
        }

        @Override
        public void reconnect(HostedNode node, long nowMs) {
            long atMs = letPass(Math.max(nowMs, clock.nowMs()));
            tell(node, node.life().reconnect());
            apply(node, node.life().obeyMissed(atMs));
        }
    }

    /** Sends held reports before a node goes down, so that checkpoints are not lost with it. */
    private void releaseRepeated(HostedNode node) {
        var model = node.life().model();
        if (model != null) {
            model.running().forEach(attempt -> repeated.release(node.inventory().nodeId(), attempt));
        }
    }

    private static ProducerRecord<byte @Nullable [], @Nullable Object> record(HostedNode node, NodeEvent event) {
        return new ProducerRecord<>(Topics.NODE_EVENTS.name(), node.key(), event);
    }

    private static ProducerRecord<byte @Nullable [], @Nullable Object> farewell(
            NodeInventory inventory, long incarnation, long nowMs) {
        return new ProducerRecord<>(
                Topics.NODE_EVENTS.name(),
                inventory.nodeId().value().getBytes(StandardCharsets.UTF_8),
                new ShutDown(inventory.pool(), inventory.nodeId(), incarnation, nowMs));
    }

    /**
     * Sends the last reports, gives up after the timeout, and returns the state that the nodes need to resume. The
     * nodes send no farewell: if they do not resume soon, the scheduler declares them lost.
     */
    Suspension suspend(String clusterId, Duration timeout) {
        stepEndsNanos = System.nanoTime() + STEP_NANOS;
        long nowMs = letPass(clock.nowMs());
        nodes.forEach(node -> apply(node, node.life().advance(nowMs)));
        nodes.forEach(this::releaseRepeated);
        lossy.close(timeout.dividedBy(2));
        flush(timeout.dividedBy(2));
        List<NodeEvent> unsentEvents = new ArrayList<>();
        List<TaskReport> unsentReports = new ArrayList<>();
        for (var record : outbox.unconfirmed()) {
            switch (record.value()) {
                case NodeEvent event -> unsentEvents.add(event);
                case TaskReport report -> unsentReports.add(report);
                case null, default -> LOG.warn("A record for {} is lost", record.topic());
            }
        }
        return new Suspension(
                Suspension.VERSION,
                clusterId,
                commands.positions().entrySet().stream()
                        .map(at -> new Suspension.Offset(
                                at.getKey().topic(), at.getKey().partition(), at.getValue()))
                        .toList(),
                faults.sinceMs() - nowMs,
                unsentEvents,
                unsentReports,
                nodes.stream().map(node -> node.suspend(nowMs)).toList());
    }

    /** Sends the last reports, then the nodes' farewells; gives up after the timeout. */
    void shutDown(Duration timeout) {
        stepEndsNanos = System.nanoTime() + STEP_NANOS;
        long nowMs = letPass(clock.nowMs());
        nodes.forEach(node -> {
            tell(node, node.life().reconnect());
            apply(node, node.life().obeyMissed(nowMs));
        });
        nodes.forEach(this::releaseRepeated);
        lossy.close(timeout.dividedBy(2)); // First: no heartbeat may follow the farewell.
        nodes.forEach(node -> tell(node, node.life().shutDown(nowMs)));
        flush(timeout.dividedBy(2));
    }

    private void flush(Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        outbox.pump(System.nanoTime());
        while (!outbox.isEmpty() && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(CLOSE_POLL_NANOS);
            outbox.pump(System.nanoTime());
        }
        if (!outbox.isEmpty()) {
            LOG.warn("Kafka did not accept the last reports within {} ms", timeout.toMillis());
        }
    }
}
