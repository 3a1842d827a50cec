package io.gpuctl.experiments.engine;

import io.gpuctl.events.Cause;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.core.Cordon;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Policy;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.ToldWatch;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One pool in virtual time, from 0 ms on: users, an orchestrator and nodes, without what is between them live.
 *
 * <p>What users and operators do is planned by {@link #submit} and the like; {@link #runUntil} and {@link #runToEnd} let
 * time pass. In one millisecond, what was planned first happens first: so what was planned before the run goes before what
 * the run itself leads to. Facts name as their cause the place that the input would have in its topic.
 *
 * <p>Nodes send no heartbeats here: one that is to fall silent does so as planned, and the scheduler is told of it when
 * that is planned. It is told that time has passed only then, when a task is due to be tried again, a cordon ends, or the
 * order of tasks changes. That holds for runs of up to ten years of virtual time.
 */
public final class VirtualCluster {
    private static final String INSTANCE = "virtual";
    private static final long NEVER = NodeModel.NEVER;

    /** While things break and are repaired, something is always to come; what waits for that long waits in vain. */
    private static final long PATIENCE_MS = 366L * 24 * 3_600_000;

    private final EventLoop loop = new EventLoop();
    private final PoolOrchestrator orchestrator;
    private final PoolState state;
    private final PoolSettings settings;
    private final GpuModels models;
    private final EnergyLedger ledger = new EnergyLedger();
    private final Site site = new Site();
    private final ToldWatch watch = new ToldWatch();
    private final SortedMap<NodeId, VirtualNode> nodes = new TreeMap<>();
    /** Those that are there, or will be. */
    private final Set<NodeId> expected = new TreeSet<>();

    private final @Nullable Sensing sensing;
    private final @Nullable FaultDriver faults;
    private final Outages outages;
    private final Checks checks;
    private final FactSink sink;
    private final Consumer<NodeTelemetry> telemetry;
    private final InputSink inputSink;

    private final InputTopic commands;
    private final InputTopic reports;
    private final InputTopic nodeEvents;
    private final InputTopic conditions;
    private long inputs;
    private long facts;
    private long tickAtMs = NEVER;
    private long tickedAtMs = -1;

    /**
     * What a cluster consists of.
     *
     * @param nodes of that pool; they register in this order, at 0 ms. Others may {@link #join} later
     * @param models what is known of the nodes' GPUs
     * @param sensing null: nodes are not measured, and have no conditions
     * @param faults null: nothing breaks by itself. Else it befalls the nodes that are there from the start
     */
    public record Config(
            PoolId pool,
            List<NodeInventory> nodes,
            GpuModels models,
            PoolSettings settings,
            @Nullable Sensing sensing,
            Checks checks,
            @Nullable Faults faults) {
        public Config {
            nodes = List.copyOf(nodes);
            if (!nodes.stream().allMatch(node -> node.pool().equals(pool))) {
                throw new IllegalArgumentException("The nodes must be of one pool");
            }
        }

        /** In which nothing breaks by itself. */
        public Config(
                PoolId pool,
                List<NodeInventory> nodes,
                GpuModels models,
                PoolSettings settings,
                @Nullable Sensing sensing,
                Checks checks) {
            this(pool, nodes, models, settings, sensing, checks, null);
        }

        /**
         * The same, in which this breaks: who is not heard of is missed then, as in a live pool.
         *
         * @param broken null for nothing
         */
        public Config withFaults(@Nullable Faults broken) {
            if (broken == null || broken.laws().isOff()) {
                return this;
            }
            PoolSettings live = PoolSettings.withPolicy(settings.policy());
            var watched = new PoolSettings(
                    settings.policy(),
                    settings.manual(),
                    settings.nodeLossesMax(),
                    settings.retryBackoffMs(),
                    Math.min(settings.suspectAfterMs(), live.suspectAfterMs()),
                    Math.min(settings.lostAfterMs(), live.lostAfterMs()),
                    settings.finishedTasksKept(),
                    settings.health());
            return new Config(pool, nodes, models, watched, sensing, checks, broken);
        }

        /**
         * With the settings of a live pool, but that nobody is missed who is not heard of. Reasons for waiting are told
         * anew only when they are others: there is nobody to read how the numbers change.
         *
         * @param nodes at least one, all of one pool
         */
        public Config(
                List<NodeInventory> nodes,
                GpuModels models,
                PolicySpec policy,
                @Nullable Sensing sensing,
                Checks checks) {
            this(nodes.getFirst().pool(), nodes, models, settings(policy), sensing, checks);
        }

        /** As above, with the GPU models that come with the program. */
        public Config(List<NodeInventory> nodes, PolicySpec policy, @Nullable Sensing sensing, Checks checks) {
            this(nodes, GpuModels.builtIn(), policy, sensing, checks);
        }

        private static PoolSettings settings(PolicySpec policy) {
            PoolSettings live = PoolSettings.withPolicy(policy);
            return new PoolSettings(
                    policy,
                    live.manual(),
                    live.nodeLossesMax(),
                    live.retryBackoffMs(),
                    Work.MAX_DURATION_MS,
                    Work.MAX_DURATION_MS,
                    live.finishedTasksKept());
        }
    }

    /**
     * A cluster whose nodes will start at 0 ms.
     *
     * @param policies makes the scheduler's policy
     * @param sink gets each fact as it comes to be
     */
    public VirtualCluster(Config config, Function<PolicySpec, Policy> policies, FactSink sink) {
        this(config, policies, sink, sample -> {});
    }

    /**
     * As above.
     *
     * @param telemetry gets each sample of a node, in the order of time; a node at rest has none
     */
    public VirtualCluster(
            Config config, Function<PolicySpec, Policy> policies, FactSink sink, Consumer<NodeTelemetry> telemetry) {
        this(config, policies, sink, telemetry, (cause, input) -> {});
    }

    /**
     * As above.
     *
     * @param inputSink gets each input, before the facts that come of it
     */
    public VirtualCluster(
            Config config,
            Function<PolicySpec, Policy> policies,
            FactSink sink,
            Consumer<NodeTelemetry> telemetry,
            InputSink inputSink) {
        PoolId pool = config.pool();
        state = new PoolState(pool);
        settings = config.settings();
        models = config.models();
        orchestrator = new PoolOrchestrator(state, INSTANCE, settings, policies, watch);
        this.inputSink = inputSink;
        commands = new InputTopic(Topics.TASK_COMMANDS, pool);
        reports = new InputTopic(Topics.TASK_REPORTS, pool);
        nodeEvents = new InputTopic(Topics.NODE_EVENTS, pool);
        conditions = new InputTopic(Topics.NODE_CONDITIONS, pool);
        sensing = config.sensing();
        checks = config.checks();
        this.sink = sink;
        this.telemetry = telemetry;
        outages = new Outages(loop, settings, new OutageActions());
        config.nodes().forEach(this::add);
        Faults breaking = config.faults();
        faults = breaking == null ? null : new FaultDriver(breaking, config.nodes(), loop, this::strike);
    }

    private void add(NodeInventory inventory) {
        if (expected.contains(inventory.nodeId())) {
            throw new IllegalArgumentException("Two nodes are called " + inventory.nodeId());
        }
        join(0, inventory);
    }

    /** Plans that a node starts: a new one, or one that starts anew, perhaps with other parts. */
    public void join(long atMs, NodeInventory inventory) {
        expected.add(inventory.nodeId());
        loop.at(atMs, () -> start(node(inventory)));
    }

    private VirtualNode node(NodeInventory inventory) {
        VirtualNode before = nodes.get(inventory.nodeId());
        if (before != null && before.inventory().equals(inventory)) {
            return before;
        }
        NodeSensor sensor = sensing == null || inventory.gpuCount() == 0 ? null : new NodeSensor(sensing);
        var node = new VirtualNode(inventory, models.physics(inventory), sensor, ledger, site);
        if (faults != null) {
            node.habits(faults.habits(inventory));
        }
        if (before != null) {
            before.stop(loop.nowMs());
            planTouched();
            node.follow(before);
        }
        nodes.put(inventory.nodeId(), node);
        return node;
    }

    /** Plans that a user submits a task. */
    public void submit(long atMs, TaskSpec task) {
        loop.at(atMs, () -> take(new TaskCommand.SubmitTask(task, atMs)));
    }

    /** Plans that a user cancels a task; nothing happens if it is over by then. */
    public void cancel(long atMs, TaskId taskId) {
        loop.at(atMs, () -> take(new TaskCommand.CancelTask(state.pool(), taskId, atMs)));
    }

    /** Plans that an operator asks for a pass. */
    public void runScheduler(long atMs, String requestId) {
        loop.at(atMs, () -> take(new TaskCommand.RunScheduler(state.pool(), requestId, atMs)));
    }

    /** Plans that a node goes down in order: what runs there ends, and is tried elsewhere. */
    public void shutDown(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, this::shutDown);
    }

    /** Plans that a node starts; one that is up starts anew. */
    public void restart(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, this::start);
    }

    /** Plans that a node dies without a word: what runs there is gone. */
    public void crash(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, node -> {
            node.stop(loop.nowMs());
            planTouched();
        });
    }

    /** Plans that a node is cut off: it goes on with what it runs, but hears nothing and is not heard. */
    public void cutOff(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, VirtualNode::cutOff);
    }

    /** Plans that a node that was cut off is there again. */
    public void reconnect(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, this::reconnect);
    }

    /** Plans that the scheduler misses a node: it gets no new tasks. */
    public void suspect(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, node -> miss(nodeId, settings.suspectAfterMs()));
    }

    /** Plans that the scheduler gives a node up which it suspects: what it ran is tried elsewhere. */
    public void lose(long atMs, NodeId nodeId) {
        plan(atMs, nodeId, node -> miss(nodeId, settings.lostAfterMs()));
    }

    /**
     * Plans that something breaks on a node, and it says so. {@code gpu} is -1 for the node itself, {@code xid} 0 if it is
     * no error of the driver.
     */
    public void fault(long atMs, NodeId nodeId, String kind, int gpu, String detail, int xid) {
        plan(atMs, nodeId, node -> {
            if (node.model() != null) {
                take(new NodeEvent.Faulted(
                        state.pool(), nodeId, node.incarnation(), kind, gpu, detail, xid, loop.nowMs()));
            }
        });
    }

    /** Plans that a GPU that was out works again, and its node says so. */
    public void restoreGpu(long atMs, NodeId nodeId, int gpu) {
        plan(atMs, nodeId, node -> {
            if (node.model() != null) {
                take(new NodeEvent.GpuRestored(state.pool(), nodeId, node.incarnation(), gpu, loop.nowMs()));
            }
        });
    }

    /** Plans that an operator takes a node out of service. */
    public void cordon(long atMs, NodeId nodeId, String reason) {
        plan(atMs, nodeId, node -> take(new TaskCommand.CordonNode(state.pool(), nodeId, reason, atMs)));
    }

    /** Plans that an operator has a node drained. */
    public void drain(long atMs, NodeId nodeId, String reason) {
        plan(atMs, nodeId, node -> take(new TaskCommand.DrainNode(state.pool(), nodeId, reason, atMs)));
    }

    /** Plans that an operator puts a node back into service. */
    public void uncordon(long atMs, NodeId nodeId, String reason) {
        plan(atMs, nodeId, node -> take(new TaskCommand.UncordonNode(state.pool(), nodeId, reason, atMs)));
    }

    /** A fault that was drawn. Returns whether it struck: a node that is down has no more to lose. */
    private boolean strike(Fault fault) {
        VirtualNode node = require(fault.nodeId());
        NodeModel model = node.model();
        if (model == null) {
            return false;
        }
        switch (fault.kind()) {
            case NODE_CRASH -> {
                node.stop(loop.nowMs());
                planTouched();
                outages.crashed(node, fault);
            }
            case PARTITION -> {
                if (node.isCutOff()) {
                    return false;
                }
                node.cutOff();
                outages.cutOff(node, fault);
            }
            case XID, THERMAL_SHUTDOWN, STRAGGLER, ECC_SINGLE_BIT -> {
                catchUp(node, model);
                hasChanged(node, model, model.fault(fault, loop.nowMs()));
            }
        }
        return true;
    }

    /** How many faults of each kind have struck by themselves. */
    public Map<FaultKind, Long> faults() {
        return faults == null ? Map.of() : faults.counts();
    }

    private final class OutageActions implements Outages.Actions {
        @Override
        public void miss(NodeId nodeId, long silentMs) {
            VirtualCluster.this.miss(nodeId, silentMs);
        }

        @Override
        public void start(VirtualNode node) {
            VirtualCluster.this.start(node);
        }

        @Override
        public void reconnect(VirtualNode node) {
            VirtualCluster.this.reconnect(node);
        }

        @Override
        public void uncordon(NodeId nodeId) {
            Node node = state.node(nodeId);
            Cordon cordon = node == null ? null : node.upkeep().cordon();
            if (cordon != null && cordon.cause() != CordonCause.OPERATOR && cordon.untilMs() == 0) {
                VirtualNode virtual = require(nodeId);
                if (virtual.model() != null && virtual.restartAtMs == NEVER && !virtual.isCutOff()) {
                    take(new TaskCommand.UncordonNode(state.pool(), nodeId, "looked after", loop.nowMs()));
                }
            }
        }
    }

    /** A node that is to join later is looked up when it is needed. */
    private void plan(long atMs, NodeId nodeId, Consumer<VirtualNode> action) {
        if (!expected.contains(nodeId)) {
            throw new IllegalArgumentException("There is no node " + nodeId);
        }
        loop.at(atMs, () -> action.accept(require(nodeId)));
    }

    /** Lets time pass until then; what is planned for that moment happens too. */
    public void runUntil(long endMs) {
        loop.runUntil(endMs);
    }

    /**
     * Lets time pass until all tasks have ended, but those that wait for room which nobody will make. Then looks at the
     * whole state.
     *
     * @throws InvariantBrokenException if something is wrong with it
     */
    public void runToEnd() {
        // What waits may be let in by a measurement: of a GPU that has cooled down.
        long busyMs = loop.nowMs();
        while (loop.isBusy() || (state.queueLength() > 0 && !loop.isEmpty() && loop.nowMs() - busyMs < PATIENCE_MS)) {
            busyMs = loop.isBusy() ? loop.nowMs() : busyMs;
            loop.runNext();
        }
        checkAll();
    }

    /**
     * Looks at the whole state.
     *
     * @throws InvariantBrokenException if something is wrong with it
     */
    public void checkAll() {
        Checks.atEnd(state);
    }

    public long nowMs() {
        return loop.nowMs();
    }

    /** To be read only. */
    public PoolState state() {
        return state;
    }

    /** Who has drawn what until now. */
    public PoolEnergy energy() {
        List<NodeModel> up = new ArrayList<>();
        for (VirtualNode node : nodes.values()) {
            NodeModel model = node.model();
            if (model != null) {
                up.add(model);
            }
        }
        return ledger.read(up, loop.nowMs());
    }

    /** How many inputs the scheduler had. */
    public long inputs() {
        return inputs;
    }

    /** How many facts there are. */
    public long facts() {
        return facts;
    }

    private VirtualNode require(NodeId nodeId) {
        VirtualNode node = nodes.get(nodeId);
        if (node == null) {
            throw new IllegalArgumentException("There is no node " + nodeId);
        }
        return node;
    }

    private void take(TaskCommand command) {
        Cause cause = given(commands.next(), command);
        follow(orchestrator.onCommand(command, cause));
    }

    private void take(TaskReport report) {
        if (report instanceof TaskReport.Failed failed && failed.exitCode() == NodeModel.REFUSED_EXIT_CODE) {
            throw new InvariantBrokenException(
                    "Node %s refused %s: %s".formatted(failed.source().nodeId(), failed.attempt(), failed.message()));
        }
        Cause cause = given(reports.next(), report);
        follow(orchestrator.onReport(report, cause));
    }

    private void take(NodeEvent event) {
        Cause cause = given(nodeEvents.next(), event);
        follow(orchestrator.onNodeEvent(event, cause));
    }

    private void take(NodeCondition condition) {
        Cause cause = given(conditions.next(), condition);
        follow(orchestrator.onCondition(condition, cause));
    }

    private Cause given(Cause cause, PoolScoped input) {
        inputSink.accept(cause, input);
        return cause;
    }

    private void miss(NodeId nodeId, long silentMs) {
        watch.seeSilence(nodeId, silentMs);
        Decision decision = orchestrator.onTick(loop.nowMs());
        watch.seeNothing();
        follow(decision);
    }

    private void tick(long atMs) {
        if (tickAtMs == atMs) {
            tickAtMs = NEVER;
            tickedAtMs = atMs;
            follow(orchestrator.onTick(atMs));
        }
    }

    /** Records what was decided, has the nodes do it, and sees to what is due later. */
    private void follow(Decision decision) {
        inputs++;
        facts += decision.facts().size();
        for (Fact fact : decision.facts()) {
            sink.accept(fact);
        }
        checks.after(decision, state, inputs);
        decision.commands().forEach(this::obey);
        if (faults != null) {
            outages.read(decision);
        }
        state.nextRetryAtMs().ifPresent(this::planTick);
        state.nextCordonEndMs().ifPresent(this::planTick);
        orchestrator.nextOrderChangeMs().ifPresent(this::planTick);
    }

    private void planTick(long dueMs) {
        // One tick a millisecond is enough: what it does not change is not due.
        long atMs = Math.max(dueMs, Math.max(loop.nowMs(), tickedAtMs + 1));
        if (atMs < tickAtMs) {
            tickAtMs = atMs;
            loop.at(atMs, () -> tick(atMs));
        }
    }

    private void start(VirtualNode node) {
        long nowMs = loop.nowMs();
        node.start(nowMs);
        planTouched();
        take(new NodeEvent.Registered(node.inventory(), node.incarnation(), nowMs));
        if (node.sensor() != null && !node.isMeasured) {
            measure(node);
        }
    }

    private void shutDown(VirtualNode node) {
        NodeModel model = node.model();
        if (model == null) {
            return;
        }
        long nowMs = loop.nowMs();
        List<TaskReport> last = model.advance(nowMs);
        node.stop(nowMs);
        planTouched();
        last.forEach(this::take);
        take(new NodeEvent.ShutDown(node.inventory().pool(), node.inventory().nodeId(), node.incarnation(), nowMs));
    }

    private void obey(NodeCommand command) {
        VirtualNode node = require(command.nodeId());
        NodeModel model = node.model();
        if (model == null) {
            return;
        }
        if (node.isCutOff()) {
            node.missed(command);
            return;
        }
        long nowMs = loop.nowMs();
        catchUp(node, model);
        List<TaskReport> said = switch (command) {
            case NodeCommand.StartAttempt start -> model.start(start, nowMs);
            case NodeCommand.StopAttempt stop -> model.stop(stop, nowMs);
        };
        hasChanged(node, model, said);
    }

    private void wake(VirtualNode node, long atMs) {
        if (node.wakeAtMs != atMs) {
            return;
        }
        node.wakeAtMs = NEVER;
        NodeModel model = node.model();
        if (model != null) {
            catchUp(node, model);
            hasChanged(node, model, model.advance(atMs));
        }
    }

    /** What a node said becomes input in its turn: behind what is planned for this millisecond already. */
    private void hasChanged(VirtualNode node, NodeModel model, List<TaskReport> said) {
        long nowMs = loop.nowMs();
        List<NodeEvent> events = model.events();
        if (node.isCutOff()) {
            node.keepEvents(events);
            node.keep(said);
        } else {
            // First: nothing may be placed on a GPU that is out.
            events.forEach(event -> loop.at(nowMs, () -> take(event)));
            said.forEach(report -> loop.at(nowMs, () -> take(report)));
        }
        planWake(node, model);
        outages.planRestart(node, model);
        planTouched();
        if (node.sensor() != null && !node.isMeasured && !node.isCutOff()) {
            planMeasurement(node);
        }
    }

    private void planWake(VirtualNode node, NodeModel model) {
        long nextMs = Math.max(loop.nowMs(), model.nextEventMs());
        if (nextMs != node.wakeAtMs) {
            if (faults != null) {
                loop.giveUp(node.wake);
            }
            node.wake = nextMs == NEVER
                    ? null
                    : faults != null && model.isIdle()
                            // A repair: only who waits for the GPU waits for it.
                            ? loop.inBackgroundAt(nextMs, () -> wake(node, nextMs))
                            : loop.at(nextMs, () -> wake(node, nextMs));
        }
        node.wakeAtMs = nextMs;
    }

    /** What happens on a node may warm the inlets of others, or hold up what they run. */
    private void planTouched() {
        for (NodeModel model : site.takeTouched()) {
            VirtualNode node = nodes.get(model.inventory().nodeId());
            if (node != null && node.model() == model) {
                planWake(node, model);
            }
        }
    }

    /** What it could not say comes first, then what it did not hear; then it says that it lives. */
    private void reconnect(VirtualNode node) {
        NodeModel model = node.model();
        if (model == null || !node.isCutOff()) {
            return;
        }
        long nowMs = loop.nowMs();
        List<NodeCommand> missed = node.reconnect();
        node.unsaidEvents().forEach(this::take);
        node.unsaid().forEach(this::take);
        missed.forEach(this::obey);
        hasChanged(node, model, model.advance(nowMs));
        take(new NodeEvent.Heartbeat(
                state.pool(), node.inventory().nodeId(), node.incarnation(), model.running(), nowMs));
    }

    private void catchUp(VirtualNode node, NodeModel model) {
        NodeSensor sensor = node.sensor();
        if (sensor != null && !node.isMeasured) {
            NodeCondition missed = sensor.catchUp(model, loop.nowMs());
            if (missed != null) {
                loop.at(loop.nowMs(), () -> take(missed));
            }
        }
    }

    private void planMeasurement(VirtualNode node) {
        if (sensing != null) {
            node.isMeasured = true;
            loop.inBackgroundAt(sensing.nextAfterMs(loop.nowMs()), () -> measure(node));
        }
    }

    private void measure(VirtualNode node) {
        node.isMeasured = false;
        NodeModel model = node.model();
        NodeSensor sensor = node.sensor();
        if (model == null || sensor == null || node.isCutOff()) {
            return;
        }
        long nowMs = loop.nowMs();
        if (model.nextEventMs() <= nowMs) {
            wake(node, nowMs);
        }
        NodeCondition changed = sensor.measure(model, nowMs);
        NodeTelemetry sample = sensor.newest();
        if (sample != null) {
            telemetry.accept(sample);
        }
        if (changed != null) {
            take(changed);
        }
        if (!sensor.isAtRest() && !node.isMeasured) {
            planMeasurement(node);
        }
    }
}
