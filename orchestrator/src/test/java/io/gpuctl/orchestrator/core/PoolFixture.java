package io.gpuctl.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import io.gpuctl.orchestrator.policy.Policies;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool for tests of the form given, when, then. Each input returns the events that it led to; after each input, the
 * fixture checks that the invariants hold and that the state is the fold over the log.
 */
final class PoolFixture {
    static final PoolId POOL = PoolId.DEFAULT;
    static final PoolSettings FIFO = PoolSettings.withPolicy(PolicySpec.named("fifo"));
    static final PoolSettings INTELLIGENT = PoolSettings.withPolicy(PolicySpec.named("intelligent"));
    static final long INCARNATION = 1;

    final List<Fact> log = new ArrayList<>();
    /** The commands from the newest input. */
    List<NodeCommand> commands = List.of();

    private final PoolState folded = new PoolState(POOL);
    private PoolOrchestrator orchestrator;
    private long nowMs = 1_000_000;
    private long offset;

    PoolFixture(PoolSettings settings) {
        orchestrator = new PoolOrchestrator(new PoolState(POOL), "one", settings, Policies::create);
        tick(0);
    }

    /** Returns a pool whose nodes each have 4 GPUs of 80,000 MiB, 16 cores and 64,000 MiB. */
    static PoolFixture withNodes(PoolSettings settings, String... nodeIds) {
        PoolFixture pool = new PoolFixture(settings);
        for (String nodeId : nodeIds) {
            pool.register(nodeId);
        }
        return pool;
    }

    static NodeInventory inventory(String nodeId, int gpus) {
        return new NodeInventory(new NodeId(nodeId), POOL, "A100", gpus, 80_000, 16_000, 64_000, 60, 400, 25, 85);
    }

    static TaskSpec task(String taskId, int gpus) {
        return task(taskId, GpuRequest.whole(gpus, 0));
    }

    static TaskSpec task(String taskId, GpuRequest gpus) {
        return TaskSpec.of(new TaskId(taskId), gpus, Work.lasting(60_000));
    }

    static AttemptId attempt(String taskId, int number) {
        return new AttemptId(new TaskId(taskId), number);
    }

    PoolState state() {
        return orchestrator.state();
    }

    PoolOrchestrator orchestrator() {
        return orchestrator;
    }

    long nowMs() {
        return nowMs;
    }

    TaskState stateOf(String taskId) {
        TaskRecord task = state().task(new TaskId(taskId));
        return task != null
                ? task.state()
                : state().finishedTask(new TaskId(taskId)).state();
    }

    PendingReason reasonOf(String taskId) {
        return state().task(new TaskId(taskId)).reason();
    }

    String nodeOf(String taskId) {
        return state().task(new TaskId(taskId))
                .allocations()
                .getFirst()
                .nodeId()
                .value();
    }

    List<Integer> gpusOf(String taskId) {
        return state().task(new TaskId(taskId)).allocations().getFirst().gpus();
    }

    int heldOn(String nodeId) {
        return state().node(new NodeId(nodeId)).held().size();
    }

    /** Replaces the pool's orchestrator by a new one, with the state that the log leads to. */
    void restartOrchestrator(PoolSettings settings) {
        PoolState state = new PoolState(POOL);
        log.forEach(state::apply);
        orchestrator = new PoolOrchestrator(state, "two", settings, Policies::create);
    }

    List<ClusterEvent> submit(TaskSpec task) {
        return collect(orchestrator.on(new TaskCommand.SubmitTask(task, nowMs), cause("task-commands")));
    }

    List<ClusterEvent> cancel(String taskId) {
        return collect(
                orchestrator.on(new TaskCommand.CancelTask(POOL, new TaskId(taskId), nowMs), cause("task-commands")));
    }

    List<ClusterEvent> runScheduler(String requestId) {
        return collect(orchestrator.on(new TaskCommand.RunScheduler(POOL, requestId, nowMs), cause("task-commands")));
    }

    List<ClusterEvent> cordon(String nodeId) {
        return collect(orchestrator.on(
                new TaskCommand.CordonNode(POOL, new NodeId(nodeId), "loud fan", nowMs), cause("task-commands")));
    }

    List<ClusterEvent> drain(String nodeId) {
        return collect(orchestrator.on(
                new TaskCommand.DrainNode(POOL, new NodeId(nodeId), "to be moved", nowMs), cause("task-commands")));
    }

    List<ClusterEvent> uncordon(String nodeId) {
        return collect(orchestrator.on(
                new TaskCommand.UncordonNode(POOL, new NodeId(nodeId), "new fan", nowMs), cause("task-commands")));
    }

    /** The node reports a driver error of a GPU; it reports the attempts that ended separately. */
    List<ClusterEvent> xid(String nodeId, int gpu, int xid) {
        return nodeEvent(new NodeEvent.Faulted(
                POOL, new NodeId(nodeId), INCARNATION, NodeEvent.Faulted.XID, gpu, "", xid, nowMs));
    }

    List<ClusterEvent> faulted(String node, AttemptId attempt, int gpu, int xid, long lostMs) {
        return report(new TaskReport.Faulted(source(node), attempt, gpu, xid, "broke", lostMs, nowMs));
    }

    List<ClusterEvent> paced(String node, AttemptId attempt, int paceMilli) {
        return report(new TaskReport.Progressed(source(node), attempt, 1_000, paceMilli, nowMs));
    }

    List<ClusterEvent> report(TaskReport report) {
        return collect(orchestrator.on(report, cause("task-reports")));
    }

    List<ClusterEvent> started(String node, AttemptId attempt) {
        return report(new TaskReport.Started(source(node), attempt, nowMs));
    }

    List<ClusterEvent> completed(String node, AttemptId attempt) {
        return report(new TaskReport.Completed(source(node), attempt, nowMs));
    }

    List<ClusterEvent> failed(String node, AttemptId attempt) {
        return report(new TaskReport.Failed(source(node), attempt, 1, "out of memory", nowMs));
    }

    List<ClusterEvent> stopped(String node, AttemptId attempt) {
        return stopped(node, attempt, 0);
    }

    List<ClusterEvent> stopped(String node, AttemptId attempt, long progressMs) {
        return report(new TaskReport.Stopped(source(node), attempt, progressMs, nowMs));
    }

    TaskReport.Source source(String node) {
        return new TaskReport.Source(POOL, new NodeId(node), INCARNATION);
    }

    List<ClusterEvent> register(String nodeId) {
        return register(inventory(nodeId, 4), INCARNATION);
    }

    List<ClusterEvent> register(NodeInventory inventory, long incarnation) {
        return nodeEvent(new NodeEvent.Registered(inventory, incarnation, nowMs));
    }

    List<ClusterEvent> heartbeat(String nodeId, AttemptId... running) {
        return nodeEvent(new NodeEvent.Heartbeat(POOL, new NodeId(nodeId), INCARNATION, List.of(running), nowMs));
    }

    List<ClusterEvent> shutDown(String nodeId) {
        return nodeEvent(new NodeEvent.ShutDown(POOL, new NodeId(nodeId), INCARNATION, nowMs));
    }

    List<ClusterEvent> nodeEvent(NodeEvent event) {
        return collect(orchestrator.on(event, cause("node-events")));
    }

    /** Sets the temperatures of all GPUs of a node. */
    List<ClusterEvent> temperatures(String nodeId, double... celsius) {
        List<NodeCondition.Gpu> gpus = new ArrayList<>();
        for (double temperature : celsius) {
            gpus.add(new NodeCondition.Gpu(temperature, 0, 60, 0));
        }
        return collect(
                orchestrator.on(new NodeCondition(new NodeId(nodeId), POOL, nowMs, gpus), cause("node-conditions")));
    }

    /** Lets time pass, with a tick each second. */
    List<ClusterEvent> tick(long durationMs) {
        List<ClusterEvent> events = new ArrayList<>();
        List<NodeCommand> allCommands = new ArrayList<>();
        long endMs = nowMs + durationMs;
        do {
            nowMs = Math.min(endMs, nowMs + 1_000);
            events.addAll(collect(orchestrator.onTick(nowMs)));
            allCommands.addAll(commands);
        } while (nowMs < endMs);
        commands = allCommands;
        return events;
    }

    /** Lets time pass with a single tick. */
    List<ClusterEvent> passTo(long atMs) {
        nowMs = atMs;
        return collect(orchestrator.onTick(nowMs));
    }

    /** Lets time pass with a heartbeat of the node each second; returns the resulting events. */
    List<ClusterEvent> beats(String nodeId, int seconds, AttemptId... running) {
        List<ClusterEvent> events = new ArrayList<>();
        for (int i = 0; i < seconds; i++) {
            events.addAll(tick(1_000));
            events.addAll(heartbeat(nodeId, running));
        }
        return events;
    }

    private Cause cause(String topic) {
        return new Cause(topic, 0, offset++);
    }

    private List<ClusterEvent> collect(Decision decision) {
        decision.facts().forEach(folded::apply);
        log.addAll(decision.facts());
        commands = decision.commands();
        assertThat(Invariants.violations(state())).isEmpty();
        assertThat(folded.snapshot()).isEqualTo(state().snapshot());
        return decision.facts().stream().map(Fact::event).toList();
    }
}
