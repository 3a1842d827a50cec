package io.gpuctl.audit.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.StateChange;
import io.gpuctl.orchestrator.core.StateEntries;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.telemetry.views.InMemoryViewStore;
import io.gpuctl.telemetry.views.PoolViewsFold;
import io.gpuctl.telemetry.views.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A small cluster, run with the orchestrator's own core, with all its records as the topics would hold them. Tests
 * change the records, and check which violations are found.
 */
public final class RecordedCluster {
    public static final PoolId POOL = PoolId.DEFAULT;
    public static final int PARTITION = PoolPartitioner.partition(POOL);
    static final String CHANGELOG = "gpuctl-orchestrator-orchestrator-state-changelog";
    static final String VIEWS_CHANGELOG = "gpuctl-views-%s-changelog";

    public final List<Entry<Fact>> facts = new ArrayList<>();
    public final List<Entry<TaskCommand>> commands = new ArrayList<>();
    public final List<Entry<NodeCommand>> placements = new ArrayList<>();
    public final List<Entry<TaskReport>> reports = new ArrayList<>();
    public final List<Entry<NodeEvent>> nodeEvents = new ArrayList<>();
    public final SortedMap<String, Stored> state = new TreeMap<>();
    final InMemoryViewStore views = new InMemoryViewStore();

    private final PoolViewsFold viewsFold = new PoolViewsFold(views);
    private final PoolOrchestrator orchestrator;
    private long nowMs = 1_000;
    private long stateOffset;

    RecordedCluster(String policy) {
        this(PoolSettings.withPolicy(PolicySpec.named(policy)));
    }

    private RecordedCluster(PoolSettings settings) {
        orchestrator = new PoolOrchestrator(new PoolState(POOL), "test", settings, Policies::create);
    }

    /** Finished tasks that are forgotten because they are too many or too old, and ids that are used again. */
    public static RecordedCluster forgetful() {
        RecordedCluster cluster = new RecordedCluster(
                PoolSettings.withPolicy(PolicySpec.named("fifo")).remembering(3, 20_000));
        cluster.register("a", 1);
        for (String id : List.of("t1", "t2", "t3", "t4")) { // t4 makes t1 one too many.
            cluster.run(task(id, 1));
        }
        cluster.run(task("t1", 1)); // Again: it makes t2 one too many.
        cluster.submit(task("t3", 1)); // Known: this changes nothing.
        cluster.nowMs += 20_000;
        cluster.run(task("t3", 2)); // Still known when the submission comes: nothing happens, not even a fact.
        cluster.submit(task("t5", 1)); // Its fact makes the others too old,
        cluster.run(task("t3", 2)); // so this is another task.
        return cluster;
    }

    private void run(TaskSpec task) {
        int before = facts.size();
        submit(task);
        if (facts.size() > before) {
            start(task.taskId().value(), 1, "a");
            complete(task.taskId().value(), 1, "a");
        }
    }

    /** Tasks that make room for shorter tasks, with all possible ends of a preemption. */
    public static RecordedCluster preemptive() {
        RecordedCluster cluster = new RecordedCluster("srtf");
        cluster.register("a", 1);
        cluster.submit(lasting("t1", 2, 100_000));
        cluster.start("t1", 1, "a");
        cluster.submit(lasting("t2", 2, 50_000)); // t1 makes room,
        cluster.stop("t1", 1, "a", 5); // and has done some of its work.
        cluster.start("t2", 1, "a");
        cluster.submit(lasting("t3", 2, 20_000)); // t2 makes room,
        cluster.complete("t2", 1, "a"); // but completes first.
        cluster.stop("t2", 1, "a", 0);
        cluster.submit(lasting("t4", 2, 10_000)); // t3 makes room before it started,
        cluster.fail("t3", 1, "a"); // and fails.
        cluster.start("t4", 1, "a");
        cluster.submit(lasting("t5", 2, 1_000)); // t4 makes room,
        cluster.cancel("t4"); // and is cancelled.
        cluster.stop("t4", 1, "a", 0);
        cluster.stop("t4", 1, "a", 0);
        cluster.start("t5", 1, "a");
        cluster.submit(lasting("t6", 1, 10)); // t5 is stopping.
        return cluster;
    }

    /** Gangs on several nodes, with all possible ends. */
    public static RecordedCluster spanning() {
        RecordedCluster cluster = new RecordedCluster("srtf");
        cluster.register("a", 1);
        cluster.register("b", 1);
        cluster.submit(spanning("g1", 10_000));
        cluster.start("g1", 1, "a");
        cluster.start("g1", 1, "b");
        cluster.complete("g1", 1, "b");
        cluster.complete("g1", 1, "a");
        cluster.submit(spanning("g2", 100_000));
        cluster.start("g2", 1, "a");
        cluster.start("g2", 1, "b");
        cluster.fail("g2", 1, "b"); // a stops.
        cluster.stop("g2", 1, "a");
        cluster.advance(2_000); // Its retry is due.
        cluster.start("g2", 2, "a");
        cluster.start("g2", 2, "b");
        cluster.submit(lasting("t1", 1, 1_000)); // g2 makes room,
        cluster.stop("g2", 2, "b", 7);
        cluster.stop("g2", 2, "a", 5);
        cluster.start("t1", 1, "a");
        cluster.complete("t1", 1, "a"); // and has its place again.
        cluster.start("g2", 3, "a");
        cluster.start("g2", 3, "b");
        for (int i = 0; i < 6; i++) {
            cluster.heartbeat("a", attempt("g2", 3)); // b is silent.
            cluster.advance(2_000);
        }
        cluster.stop("g2", 3, "a");
        cluster.heartbeat("b", attempt("g2", 3)); // b is back.
        cluster.stop("g2", 3, "b");
        cluster.start("g2", 4, "b");
        cluster.cancel("g2");
        cluster.stop("g2", 4, "b");
        cluster.stop("g2", 4, "a");
        cluster.submit(spanning("g3", 1_000));
        cluster.start("g3", 1, "a");
        return cluster;
    }

    /** Nodes and GPUs that leave and return to service in all possible ways. */
    public static RecordedCluster inCare() {
        RecordedCluster cluster = new RecordedCluster("fifo");
        cluster.register("a", 1);
        cluster.register("b", 1);
        cluster.submit(lasting("t1", 2, 100_000));
        cluster.start("t1", 1, "a");
        cluster.command(new TaskCommand.CordonNode(POOL, new NodeId("b"), "loud", cluster.nowMs));
        cluster.submit(lasting("t2", 2, 100_000)); // Waits: b is cordoned.
        cluster.command(new TaskCommand.UncordonNode(POOL, new NodeId("b"), "", cluster.nowMs));
        cluster.start("t2", 1, "b");
        cluster.command(new TaskCommand.DrainNode(POOL, new NodeId("a"), "", cluster.nowMs));
        cluster.stop("t1", 1, "a", 5); // No room elsewhere: b is full.
        cluster.command(new TaskCommand.UncordonNode(POOL, new NodeId("a"), "", cluster.nowMs));
        cluster.start("t1", 2, "a");
        cluster.nodeEvent(new NodeEvent.Faulted( // A GPU is out,
                POOL, new NodeId("a"), 1, NodeEvent.Faulted.THERMAL_SHUTDOWN, 1, "105 C", cluster.nowMs));
        cluster.report(new TaskReport.Faulted(source("a"), attempt("t1", 2), 1, 0, "", 7, cluster.nowMs));
        cluster.nodeEvent(new NodeEvent.GpuRestored(POOL, new NodeId("a"), 1, 1, cluster.nowMs)); // and back.
        cluster.start("t1", 3, "a");
        for (int i = 0; i < 3; i++) {
            cluster.report(new TaskReport.Progressed(source("b"), attempt("t2", 1), 9, 500, cluster.nowMs));
        }
        cluster.stop("t2", 1, "b", 5);
        cluster.advance(300_000); // b is tried again.
        cluster.start("t2", 2, "b");
        cluster.fault("b", 0, 48); // b is drained,
        cluster.report(new TaskReport.Faulted(source("b"), attempt("t2", 2), 0, 48, "", 7, cluster.nowMs));
        cluster.register("b", 2); // and restarts.
        return cluster;
    }

    private void fault(String node, int gpu, int xid) {
        nodeEvent(new NodeEvent.Faulted(POOL, new NodeId(node), 1, NodeEvent.Faulted.XID, gpu, "", xid, nowMs));
    }

    private static TaskSpec spanning(String id, long durationMs) {
        return lasting(id, 4, durationMs).withMaxNodes(2);
    }

    /** The usual events in a cluster; see the comments. */
    public static RecordedCluster eventful() {
        RecordedCluster cluster = new RecordedCluster("fifo");
        cluster.register("a", 1);
        cluster.register("b", 1);
        cluster.submit(task("t1", 1));
        cluster.start("t1", 1, "a");
        cluster.submit(task("t1", 1)); // The same submission again, which changes nothing.
        cluster.submit(task("t2", 2)); // On b, since a has one GPU left.
        cluster.submit(task("wide", 64)); // Rejected.
        cluster.start("t2", 1, "b");
        cluster.complete("t1", 1, "a");
        cluster.fail("t2", 1, "b");
        cluster.advance(2_000); // Its retry is due: t2 again, on a.
        cluster.start("t2", 2, "a");
        cluster.complete("t2", 2, "a");
        cluster.submit(task("t3", 1));
        cluster.start("t3", 1, "a");
        cluster.cancel("t3");
        cluster.stop("t3", 1, "a");
        cluster.submit(task("t4", 2));
        cluster.start("t4", 1, "a");
        for (int i = 0; i < 6; i++) {
            cluster.heartbeat("b"); // a is silent, so t4 moves to b.
            cluster.advance(2_000);
        }
        cluster.start("t4", 2, "b");
        cluster.heartbeat("a"); // a is back, without t4.
        cluster.stop("t4", 1, "a");
        cluster.complete("t4", 2, "b");
        cluster.submit(task("t5", 1));
        cluster.start("t5", 1, "a");
        cluster.submit(task("t6", 2));
        cluster.submit(task("t7", 2)); // Queued.
        return cluster;
    }

    public static TaskSpec task(String id, int gpus) {
        return TaskSpec.of(new TaskId(id), GpuRequest.whole(gpus, 1_000), Work.lasting(10_000));
    }

    private static TaskSpec lasting(String id, int gpus, long durationMs) {
        return TaskSpec.of(new TaskId(id), GpuRequest.whole(gpus, 1_000), Work.lasting(durationMs));
    }

    void register(String node, long incarnation) {
        NodeInventory inventory =
                new NodeInventory(new NodeId(node), POOL, "A100", 2, 80_000, 64_000, 256_000, 60, 400, 25, 85);
        nodeEvent(new NodeEvent.Registered(inventory, incarnation, nowMs));
    }

    void heartbeat(String node, AttemptId... running) {
        nodeEvent(new NodeEvent.Heartbeat(POOL, new NodeId(node), 1, List.of(running), nowMs));
    }

    private void nodeEvent(NodeEvent event) {
        nodeEvents.add(Entry.of(place(Topics.NODE_EVENTS.name(), nodeEvents.size()), event));
        keep(orchestrator.on(event, cause(Topics.NODE_EVENTS.name(), nodeEvents.size() - 1)));
    }

    public void submit(TaskSpec task) {
        command(new TaskCommand.SubmitTask(task, nowMs));
    }

    void cancel(String task) {
        command(new TaskCommand.CancelTask(POOL, new TaskId(task), nowMs));
    }

    private void command(TaskCommand command) {
        commands.add(Entry.of(place(Topics.TASK_COMMANDS.name(), commands.size()), command));
        keep(orchestrator.on(command, cause(Topics.TASK_COMMANDS.name(), commands.size() - 1)));
    }

    void start(String task, int attempt, String node) {
        report(new TaskReport.Started(source(node), attempt(task, attempt), nowMs));
    }

    void complete(String task, int attempt, String node) {
        report(new TaskReport.Completed(source(node), attempt(task, attempt), nowMs));
    }

    void fail(String task, int attempt, String node) {
        report(new TaskReport.Failed(source(node), attempt(task, attempt), 1, "broken", nowMs));
    }

    void stop(String task, int attempt, String node) {
        stop(task, attempt, node, 0);
    }

    private void stop(String task, int attempt, String node, long progressMs) {
        report(new TaskReport.Stopped(source(node), attempt(task, attempt), progressMs, nowMs));
    }

    private void report(TaskReport report) {
        unheard(report);
        keep(orchestrator.on(report, cause(Topics.TASK_REPORTS.name(), reports.size() - 1)));
    }

    /** Adds a report that leads to no facts. */
    void unheard(TaskReport report) {
        reports.add(Entry.of(place(Topics.TASK_REPORTS.name(), reports.size()), report));
    }

    void advance(long durationMs) {
        nowMs += durationMs;
        keep(orchestrator.onTick(nowMs));
    }

    static AttemptId attempt(String task, int number) {
        return new AttemptId(new TaskId(task), number);
    }

    static TaskReport.Source source(String node) {
        return new TaskReport.Source(POOL, new NodeId(node), 1);
    }

    /** Returns the same report from another source. */
    static TaskReport from(TaskReport.Source source, TaskReport report) {
        return switch (report) {
            case TaskReport.Started r -> new TaskReport.Started(source, r.attempt(), r.atMs());
            case TaskReport.Progressed r ->
                new TaskReport.Progressed(source, r.attempt(), r.progressMs(), r.paceMilli(), r.atMs());
            case TaskReport.Checkpointed r ->
                new TaskReport.Checkpointed(source, r.attempt(), r.progressMs(), r.atMs());
            case TaskReport.Completed r -> new TaskReport.Completed(source, r.attempt(), r.energyMj(), r.atMs());
            case TaskReport.Failed r ->
                new TaskReport.Failed(source, r.attempt(), r.exitCode(), r.message(), r.energyMj(), r.atMs());
            case TaskReport.Stopped r ->
                new TaskReport.Stopped(source, r.attempt(), r.progressMs(), r.lostMs(), r.energyMj(), r.atMs());
            case TaskReport.Faulted r ->
                new TaskReport.Faulted(
                        source, r.attempt(), r.gpu(), r.xid(), r.detail(), r.lostMs(), r.energyMj(), r.atMs());
        };
    }

    static Place place(String topic, long offset) {
        return new Place(topic, PARTITION, offset);
    }

    private static Cause cause(String topic, long offset) {
        return new Cause(topic, PARTITION, offset);
    }

    private void keep(Decision decision) {
        nowMs++;
        decision.facts().forEach(fact -> {
            facts.add(Entry.of(place(Topics.CLUSTER_EVENTS.name(), facts.size()), fact));
            viewsFold.apply(fact);
        });
        orchestrator.state().finished().forEach(task -> {
            if (views.task(task.taskId()) == null) {
                throw new IllegalStateException(task + " is remembered, but the views have forgotten it");
            }
        });
        decision.commands()
                .forEach(command ->
                        placements.add(Entry.of(place(Topics.PLACEMENTS.name(), placements.size()), command)));
        if (!decision.facts().isEmpty()) {
            store(orchestrator.state().drainChanges());
        }
    }

    private void store(StateChange change) {
        put(StateEntries.header(POOL), Optional.of(change.header()));
        change.nodes().forEach((id, node) -> put(StateEntries.node(POOL, id), Optional.of(node)));
        change.tasks().forEach((id, task) -> put(StateEntries.task(POOL, id), task));
        change.finished().forEach((id, task) -> put(StateEntries.finished(POOL, id), task));
    }

    private void put(String key, Optional<?> value) {
        Place place = place(CHANGELOG, stateOffset++);
        value.ifPresentOrElse(v -> state.put(key, new Stored(place, json(v))), () -> state.remove(key));
    }

    StoredViews storedViews() {
        SortedMap<String, Stored> pools = new TreeMap<>();
        SortedMap<String, Stored> nodes = new TreeMap<>();
        SortedMap<String, Stored> holds = new TreeMap<>();
        SortedMap<String, Stored> tasks = new TreeMap<>();
        SortedMap<String, Stored> users = new TreeMap<>();
        SortedMap<String, Stored> index = new TreeMap<>();
        views.pools().forEach((id, pool) -> pools.put(id.value(), view("pools", pools.size(), pool)));
        views.nodes().forEach((id, node) -> nodes.put(id.value(), view("nodes-by-id", nodes.size(), node)));
        views.holds()
                .forEach((nodeId, ofNode) -> ofNode.forEach((attempt, hold) ->
                        holds.put(StoreKeys.holdKey(nodeId, attempt), view("holds-by-node", holds.size(), hold))));
        views.tasks().forEach((id, task) -> tasks.put(id.value(), view("tasks-by-id", tasks.size(), task)));
        views.users().forEach((key, user) -> users.put(key, view("users", users.size(), user)));
        views.index().forEach(key -> index.put(key, view("task-index", index.size(), 1)));
        return new StoredViews(pools, nodes, holds, tasks, users, index);
    }

    static Stored view(String store, long offset, Object value) {
        return new Stored(place(VIEWS_CHANGELOG.formatted(store), offset), json(value));
    }

    static byte[] json(Object value) {
        try {
            return EventJson.mapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns all logs as of one moment, with nothing pending. */
    PartitionLogs logs() {
        return new PartitionLogs(
                PARTITION,
                new Log<>(Topics.CLUSTER_EVENTS.name(), PARTITION, 0, facts.iterator()),
                new Log<>(Topics.TASK_COMMANDS.name(), PARTITION, first(commands), commands.iterator()),
                new Log<>(Topics.PLACEMENTS.name(), PARTITION, first(placements), placements.iterator()),
                new Log<>(Topics.TASK_REPORTS.name(), PARTITION, first(reports), reports.iterator()),
                new Log<>(Topics.NODE_EVENTS.name(), PARTITION, first(nodeEvents), nodeEvents.iterator()),
                new Log<>(
                        Topics.NODE_CONDITIONS.name(),
                        PARTITION,
                        0,
                        List.<Entry<io.gpuctl.events.NodeCondition>>of().iterator()),
                Long.MAX_VALUE,
                Long.MAX_VALUE);
    }

    private static <V> long first(List<Entry<V>> entries) {
        return entries.isEmpty() ? 0 : entries.getFirst().offset();
    }
}
