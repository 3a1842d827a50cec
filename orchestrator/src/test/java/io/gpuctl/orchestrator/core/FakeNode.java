package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.Xid;
import io.gpuctl.events.XidCatalogue;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A node that executes its commands as the contract requires, with a process that may freeze, be disconnected, be
 * killed or shut down. It fails the test if its commands exceed what its GPUs can hold.
 */
final class FakeNode {
    private static final int HEARTBEAT_MS = 1_000;

    /** The topics to which the node's records are appended once the broker has them. */
    record Topics(Consumer<TaskReport> reports, Consumer<NodeEvent> events, FakeTopic<NodeCommand> placements) {}

    private record Begun(NodeCommand.StartAttempt order, long atMs) {}

    private final NodeInventory inventory;
    private final VirtualTime time;
    private final Random random;
    private final Topics topics;
    /** The offset of the node's clock to the other clocks, ms. */
    private final long skewMs;
    /** Every attempt that ever started, with its node: none may start twice on a node. */
    private final Set<String> everBegun;

    private final SortedMap<AttemptId, Allocation> running = new TreeMap<>();
    private final SortedMap<AttemptId, Begun> begun = new TreeMap<>();
    private final Set<AttemptId> known = new TreeSet<>();
    private final Deque<TaskReport> unsentReports = new ArrayDeque<>();
    private final Deque<NodeEvent> unsentEvents = new ArrayDeque<>();
    private long incarnation;
    private int nextCommand;
    private boolean alive;
    private boolean leaving;
    private long frozenUntilMs;
    private long cutOffUntilMs;
    private static final Set<Xid.Action> ENDS_NOTHING = Set.of(Xid.Action.NOTE, Xid.Action.CORDON_NODE);

    private final Set<Integer> brokenGpus = new TreeSet<>();
    private boolean slow;

    FakeNode(NodeInventory inventory, VirtualTime time, Random random, Topics topics, Set<String> everBegun) {
        this.inventory = inventory;
        this.time = time;
        this.random = random;
        this.topics = topics;
        this.everBegun = everBegun;
        skewMs = random.nextInt(4_000) - 2_000L;
    }

    NodeInventory inventory() {
        return inventory;
    }

    boolean isAlive() {
        return alive && !leaving;
    }

    Collection<AttemptId> running() {
        return running.keySet();
    }

    void start() {
        alive = true;
        leaving = false;
        frozenUntilMs = 0;
        brokenGpus.clear();
        incarnation = Math.max(incarnation + 1, time.nowMs());
        nextCommand = topics.placements().size();
        send(new NodeEvent.Registered(inventory, incarnation, clockMs()));
        long current = incarnation;
        time.after(HEARTBEAT_MS, () -> beat(current));
        time.after(1, () -> poll(current));
    }

    /** Kill -9: ends what runs, and loses the records that the broker has not got. */
    void kill() {
        alive = false;
        running.clear();
        known.clear();
        unsentReports.clear();
        unsentEvents.clear();
    }

    void shutDown() {
        running.clear();
        leaving = true;
        send(new NodeEvent.ShutDown(inventory.pool(), inventory.nodeId(), incarnation, clockMs()));
    }

    void freeze(long durationMs) {
        frozenUntilMs = time.nowMs() + durationMs;
    }

    void cutOff(long durationMs) {
        cutOffUntilMs = time.nowMs() + durationMs;
    }

    void heal() {
        frozenUntilMs = 0;
        cutOffUntilMs = 0;
        slow = false;
        if (isAlive()) {
            for (int gpu : Set.copyOf(brokenGpus)) {
                send(new NodeEvent.GpuRestored(inventory.pool(), inventory.nodeId(), incarnation, gpu, clockMs()));
            }
            brokenGpus.clear();
        }
        if (!alive) {
            start();
        } else if (leaving) {
            kill();
            start();
        }
    }

    /** Ends an attempt silently: the node no longer runs it, and reports nothing. */
    void loseAnAttempt() {
        if (!running.isEmpty()) {
            running.remove(running.firstKey());
        }
    }

    /** Makes all work take twice as long as the clock says, until the node is healed. */
    void becomeSlow() {
        slow = true;
    }

    /** Switches off a GPU that is too hot: attempts on it end, the others continue. */
    void loseGpu() {
        if (isAlive() && inventory.gpuCount() > 0) {
            int gpu = random.nextInt(inventory.gpuCount());
            brokenGpus.add(gpu);
            fault(NodeEvent.Faulted.THERMAL_SHUTDOWN, gpu, 0);
        }
    }

    /** Reports a driver error; if only a restart of the node repairs it, the node restarts later. */
    void reportError() {
        if (isAlive() && inventory.gpuCount() > 0) {
            int xid = List.of(13, 31, 43, 45, 48, 54, 63, 64, 74, 79, 92, 94, 95, 119, 147, 9_999)
                    .get(random.nextInt(16));
            fault(NodeEvent.Faulted.XID, random.nextInt(5) == 0 ? -1 : random.nextInt(inventory.gpuCount()), xid);
            long of = incarnation;
            if (XidCatalogue.of(xid).action() == Xid.Action.DRAIN_NODE) {
                time.after(random.nextInt(10_000), () -> {
                    if (isNow(of)) {
                        kill();
                        start();
                    }
                });
            }
        }
    }

    private void fault(String kind, int gpu, int xid) {
        NodeEvent said =
                new NodeEvent.Faulted(inventory.pool(), inventory.nodeId(), incarnation, kind, gpu, "", xid, clockMs());
        boolean first = random.nextBoolean();
        if (first) {
            send(said);
        }
        if (xid == 0 || !ENDS_NOTHING.contains(XidCatalogue.of(xid).action())) {
            for (AttemptId attempt : Set.copyOf(running.keySet())) {
                if (gpu < 0 || running.get(attempt).gpus().contains(gpu)) {
                    running.remove(attempt);
                    report(new TaskReport.Faulted(
                            source(), attempt, gpu, xid, "", random.nextInt(5_000), energyMj(attempt), clockMs()));
                }
            }
        }
        if (!first) {
            send(said);
        }
    }

    private boolean isNow(long thatIncarnation) {
        return alive && incarnation == thatIncarnation;
    }

    private long clockMs() {
        return Math.max(0, time.nowMs() + skewMs);
    }

    private void beat(long of) {
        if (!isNow(of) || leaving) {
            return;
        }
        if (time.nowMs() >= frozenUntilMs) {
            Set<AttemptId> listed = new TreeSet<>(running.keySet());
            unsentReports.forEach(report -> listed.add(report.attempt()));
            send(new NodeEvent.Heartbeat(
                    inventory.pool(), inventory.nodeId(), incarnation, List.copyOf(listed), clockMs()));
            if (random.nextInt(10) == 0) {
                send(new NodeEvent.Registered(inventory, incarnation, clockMs()));
            }
        }
        time.after(HEARTBEAT_MS, () -> beat(of));
    }

    private void poll(long of) {
        if (!isNow(of) || leaving) {
            return;
        }
        boolean reachable = time.nowMs() >= frozenUntilMs && time.nowMs() >= cutOffUntilMs;
        for (int left = 1 + random.nextInt(20);
                reachable && left > 0 && nextCommand < topics.placements().size();
                left--) {
            obey(topics.placements().get(nextCommand++));
        }
        time.after(random.nextInt(50) == 0 ? random.nextInt(15_000) : 1 + random.nextInt(300), () -> poll(of));
    }

    private void obey(NodeCommand command) {
        if (!command.nodeId().equals(inventory.nodeId()) || command.incarnation() != incarnation) {
            return;
        }
        switch (command) {
            case NodeCommand.StartAttempt start -> {
                if (known.add(start.attempt())) {
                    begin(start);
                }
            }
            case NodeCommand.StopAttempt stop -> {
                known.add(stop.attempt());
                long progressMs = running.containsKey(stop.attempt()) ? progressMs(stop.attempt()) : 0;
                // The attempt may save its work before it stops.
                if (progressMs > 0 && random.nextBoolean()) {
                    report(new TaskReport.Checkpointed(source(), stop.attempt(), progressMs, clockMs()));
                }
                long energyMj = running.remove(stop.attempt()) == null ? 0 : energyMj(stop.attempt());
                report(new TaskReport.Stopped(
                        source(), stop.attempt(), progressMs, random.nextInt(2_000), energyMj, clockMs()));
            }
        }
    }

    /** Returns the energy of the attempt: never 0, so that a missing count is noticed. */
    private long energyMj(AttemptId attempt) {
        return 1 + time.nowMs() - begun.get(attempt).atMs();
    }

    /** Returns the attempt's work, or 0 if it saves nothing when it is stopped. */
    private long progressMs(AttemptId attempt) {
        Begun of = begun.get(attempt);
        long doneMs = of.order().progressMs() + time.nowMs() - of.atMs();
        return random.nextInt(4) == 0 ? 0 : Math.min(doneMs, of.order().work().durationMs());
    }

    private void begin(NodeCommand.StartAttempt start) {
        AttemptId attempt = start.attempt();
        if (!everBegun.add(attempt + " on " + inventory.nodeId())) {
            throw new AssertionError(attempt + " was begun twice");
        }
        if (random.nextInt(60) == 0) {
            report(new TaskReport.Failed(source(), attempt, -1, "refused", clockMs()));
            return;
        }
        if (start.allocation().gpus().stream().anyMatch(brokenGpus::contains)) {
            report(new TaskReport.Faulted(source(), attempt, -1, 79, "", 0, clockMs()));
            return;
        }
        running.put(attempt, start.allocation());
        begun.put(attempt, new Begun(start, time.nowMs()));
        requireRoom(attempt);
        report(new TaskReport.Started(source(), attempt, clockMs()));
        long of = incarnation;
        long workMs = Math.max(0, start.work().durationMs() - start.progressMs());
        time.after(500 + random.nextInt(1_500), () -> progress(of, attempt));
        if (random.nextInt(4) == 0) {
            time.after(workMs / 2, () -> checkpoint(of, attempt, start.progressMs() + workMs / 2));
        }
        time.after(workMs, () -> end(of, attempt, start.work().exitCode()));
    }

    private void requireRoom(AttemptId attempt) {
        long[] milli = new long[inventory.gpuCount()];
        long[] gpuMemoryMib = new long[inventory.gpuCount()];
        long cpuMilli = 0;
        long memoryMib = 0;
        for (Allocation allocation : running.values()) {
            for (int gpu : allocation.gpus()) {
                milli[gpu] += allocation.gpuMilli();
                gpuMemoryMib[gpu] += allocation.gpuMemoryMib();
            }
            cpuMilli += allocation.cpuMilli();
            memoryMib += allocation.memoryMib();
        }
        boolean fits = cpuMilli <= inventory.cpuMilli() && memoryMib <= inventory.memoryMib();
        for (int gpu = 0; gpu < milli.length; gpu++) {
            fits &= milli[gpu] <= GpuRequest.WHOLE && gpuMemoryMib[gpu] <= inventory.gpuMemoryMib();
        }
        if (!fits) {
            throw new AssertionError(
                    "Node %s cannot hold %s as well: %s".formatted(inventory.nodeId(), attempt, running));
        }
    }

    private void checkpoint(long of, AttemptId attempt, long progressMs) {
        if (isNow(of) && running.containsKey(attempt)) {
            report(new TaskReport.Progressed(source(), attempt, progressMs, clockMs()));
            report(new TaskReport.Checkpointed(source(), attempt, progressMs, clockMs()));
        }
    }

    private void progress(long of, AttemptId attempt) {
        if (isNow(of) && running.containsKey(attempt)) {
            int paceMilli = slow ? random.nextInt(750) : 900 + random.nextInt(101);
            report(new TaskReport.Progressed(source(), attempt, 1, paceMilli, clockMs()));
            time.after(500 + random.nextInt(1_500), () -> progress(of, attempt));
        }
    }

    private void end(long of, AttemptId attempt, int exitCode) {
        if (!isNow(of) || !running.containsKey(attempt)) {
            return;
        }
        if (time.nowMs() < frozenUntilMs) {
            time.after(frozenUntilMs - time.nowMs(), () -> end(of, attempt, exitCode));
            return;
        }
        running.remove(attempt);
        report(
                exitCode == 0
                        ? new TaskReport.Completed(source(), attempt, energyMj(attempt), clockMs())
                        : new TaskReport.Failed(
                                source(), attempt, exitCode, "as it was told", energyMj(attempt), clockMs()));
    }

    private TaskReport.Source source() {
        return new TaskReport.Source(inventory.pool(), inventory.nodeId(), incarnation);
    }

    private void report(TaskReport report) {
        unsentReports.add(report);
        long of = incarnation;
        time.after(latencyMs(), () -> flush(of, unsentReports, topics.reports()));
    }

    private void send(NodeEvent event) {
        unsentEvents.add(event);
        long of = incarnation;
        time.after(
                latencyMs(),
                () -> flush(of, unsentEvents, sent -> {
                    topics.events().accept(sent);
                    if (sent instanceof NodeEvent.ShutDown) {
                        kill();
                    }
                }));
    }

    private long latencyMs() {
        return random.nextInt(40) == 0 ? random.nextInt(4_000) : 1 + random.nextInt(30);
    }

    /** Sends the oldest unsent record to the broker: the order in a topic is the order of sending. */
    private <T> void flush(long of, Deque<T> unsent, Consumer<T> broker) {
        if (!isNow(of)) {
            return;
        }
        long blockedUntilMs = Math.max(frozenUntilMs, cutOffUntilMs);
        if (time.nowMs() < blockedUntilMs) {
            time.after(blockedUntilMs - time.nowMs(), () -> flush(of, unsent, broker));
        } else {
            broker.accept(unsent.remove());
        }
    }
}
