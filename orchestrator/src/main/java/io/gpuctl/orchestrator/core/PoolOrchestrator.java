package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one pool. Each input leads to facts, which are folded into the state before the call returns. The caller
 * writes the facts to the log, and sends the resulting commands to the nodes. Not thread-safe.
 *
 * <p>Besides the state, which is the fold over the facts, it keeps caches that may be lost at any time: when each node
 * was last heard of, and which tasks were found not to fit. After a restart the caches are built again; the only
 * decision that may differ is that a silent node gets its full time again.
 *
 * <p>An exception from this class is a defect; the state must then be discarded and restored.
 */
public final class PoolOrchestrator {
    /** A pool's time may be ahead of the clock by this many times {@code lostAfterMs}: one minute by default. */
    private static final int AHEAD_LOST_AFTER_MAX = 6;

    private final PoolState state;
    private final ClusterEvent.OrchestratorStarted start;
    private final PoolSettings wanted;
    private final Function<PolicySpec, Policy> policies;
    private final Watch watch;
    private final AttemptReports reports;
    private final NodeReconciler reconciler;
    private final Cordons cordons;
    private final HopelessShapes hopeless = new HopelessShapes();
    private @Nullable SchedulingPass pass;
    private boolean started;

    /**
     * Creates an orchestrator for a pool.
     *
     * @param state the state so far; this object owns it from now on
     * @param instanceId which instance this is, for the log
     * @param wanted the operator's settings; if they are not in force, the next input adds a fact that applies them
     * @param policies makes a policy from its specification
     */
    public PoolOrchestrator(
            PoolState state, String instanceId, PoolSettings wanted, Function<PolicySpec, Policy> policies) {
        this(state, instanceId, wanted, policies, new HeartbeatWatch());
    }

    /** Creates an orchestrator for a pool, with another watch for silent nodes. */
    public PoolOrchestrator(
            PoolState state,
            String instanceId,
            PoolSettings wanted,
            Function<PolicySpec, Policy> policies,
            Watch watch) {
        this(state, new ClusterEvent.OrchestratorStarted(state.pool(), instanceId), wanted, policies, watch);
    }

    /** Returns an orchestrator that repeats a recorded run; {@code start} is the first fact of the run. */
    public static PoolOrchestrator asRecorded(
            PoolState state,
            ClusterEvent.OrchestratorStarted start,
            PoolSettings wanted,
            Function<PolicySpec, Policy> policies,
            Watch watch) {
        return new PoolOrchestrator(state, start, wanted, policies, watch);
    }

    private PoolOrchestrator(
            PoolState state,
            ClusterEvent.OrchestratorStarted start,
            PoolSettings wanted,
            Function<PolicySpec, Policy> policies,
            Watch watch) {
        this.watch = watch;
        this.state = state;
        this.start = start;
        this.wanted = wanted;
        this.policies = policies;
        cordons = new Cordons(state);
        reports = new AttemptReports(state, cordons);
        reconciler = new NodeReconciler(state, cordons, watch);
    }

    /**
     * Returns an orchestrator that takes over from another one: no fact says that it has started. It lacks the caches
     * of the other one. Its decisions are therefore the same only from an input whose facts include one that
     * {@link #invalidatesVerdicts}.
     *
     * @param state the state of a configured pool
     */
    public static PoolOrchestrator inPlaceOfAnother(
            PoolState state, Function<PolicySpec, Policy> policies, Watch watch) {
        var orchestrator = new PoolOrchestrator(state, "", state.settings(), policies, watch);
        orchestrator.started = true;
        return orchestrator;
    }

    /** Returns whether the scheduler examines every waiting task again after the event, whatever it found before. */
    public static boolean invalidatesVerdicts(ClusterEvent event, boolean manual) {
        return manual ? event instanceof ClusterEvent.SchedulerRan : SchedulingPass.invalidatesVerdicts(event);
    }

    public PoolState state() {
        return state;
    }

    /** Handles a command of a user or a message of a node. */
    public Decision on(PoolInput input, Cause cause) {
        Facts facts = begin(cause, input.atMs());
        switch (input) {
            case TaskCommand command -> handle(command, facts);
            case TaskReport report -> reports.handle(report, facts);
            case NodeEvent event -> reconciler.handle(event, facts);
            case NodeCondition condition -> handle(condition, facts);
        }
        return finish(facts);
    }

    private void handle(TaskCommand command, Facts facts) {
        switch (command) {
            case TaskCommand.SubmitTask submit -> submit(submit.task(), facts);
            case TaskCommand.ClaimTaskId _ -> {} // The views decide claims, before the task is submitted.
            case TaskCommand.CancelTask cancel -> cancel(cancel.taskId(), facts);
            case TaskCommand.RunScheduler run -> {
                int placed = pass().run(facts);
                facts.add(new ClusterEvent.SchedulerRan(state.pool(), run.requestId(), placed, state.queueLength()));
            }
            case TaskCommand.CordonNode cordon -> cordons.cordon(cordon.nodeId(), false, cordon.reason(), facts);
            case TaskCommand.DrainNode drain -> cordons.cordon(drain.nodeId(), true, drain.reason(), facts);
            case TaskCommand.UncordonNode uncordon -> cordons.uncordon(uncordon.nodeId(), uncordon.reason(), facts);
        }
    }

    private void handle(NodeCondition condition, Facts facts) {
        Node node = state.node(condition.nodeId());
        if (node != null
                && !condition.equals(node.condition())
                && condition.gpus().size() == node.gpuCount()) {
            facts.add(new ClusterEvent.NodeConditionChanged(condition));
        }
    }

    /**
     * Handles the passing of time. Must be called regularly between inputs, a few times per
     * {@link PoolSettings#suspectAfterMs}. A pause in the calls does not count as silence of the nodes.
     *
     * @param nowMs cluster time, ms
     */
    public Decision onTick(long nowMs) {
        return onTick(nowMs, false);
    }

    /**
     * Handles the passing of time like {@link #onTick(long)}.
     *
     * @param heartbeatsWait whether the backlog of inputs may contain heartbeats; if so, the time since the last call
     *     does not count as silence
     */
    public Decision onTick(long nowMs, boolean heartbeatsWait) {
        if (isAheadOf(nowMs)) {
            return setClockBack(nowMs);
        }
        Facts facts = begin(Cause.TIMER, nowMs);
        if (!heartbeatsWait) {
            watch.advance(nowMs, state.settings());
            reconciler.judgeSilence(facts);
        }
        cordons.tryAgain(facts);
        // Use the time of the facts, which never goes back: the log holds no other time.
        long atMs = facts.atMs();
        for (TaskId due = state.retryDueBy(atMs); due != null; due = state.retryDueBy(atMs)) {
            facts.add(new ClusterEvent.RetryDue(due));
        }
        return finish(facts);
    }

    /**
     * Returns whether the pool's time is too far ahead. It is the time of the newest input, and no timer fires before
     * it: one input from a clock that is an hour ahead would delay all retries by an hour. The clock of the ticks is
     * trusted.
     */
    private boolean isAheadOf(long nowMs) {
        return state.isConfigured()
                && nowMs
                        < state.lastAtMs()
                                - AHEAD_LOST_AFTER_MAX * state.settings().lostAfterMs();
    }

    private Decision setClockBack(long nowMs) {
        Facts facts = Facts.settingBack(state, nowMs);
        facts.add(new ClusterEvent.ClockSetBack(state.pool(), state.lastAtMs()));
        pass = null; // The pass remembers times.
        return facts.decision();
    }

    /**
     * Returns when the order of tasks next changes without any event, ms of cluster time; empty if it does not. A
     * caller that controls time must call {@link #onTick} then. Other timers are not included.
     */
    public OptionalLong nextOrderChangeMs() {
        return state.isConfigured() && !state.settings().manual() ? pass().nextChangeMs() : OptionalLong.empty();
    }

    /** Returns how the policy in force rates every node for a task, in the order of the nodes. */
    public List<Placement.Candidate> explain(TaskSpec task) {
        TaskRecord known = state.task(task.taskId());
        Placement.Request request = known != null
                ? Placement.Request.next(known)
                : new Placement.Request(Shape.of(task), state.sequence() + 1, 1);
        return policies.apply(state.settings().policy()).placement().explain(request, state.nodes());
    }

    private Facts begin(Cause cause, long atMs) {
        Facts facts = new Facts(state, cause, atMs);
        if (!started) {
            facts.add(start);
            started = true;
        }
        if (!state.isConfigured() || !state.settings().equals(wanted)) {
            facts.add(new ClusterEvent.PoolConfigured(state.pool(), wanted));
            pass = null;
        }
        return facts;
    }

    private Decision finish(Facts facts) {
        if (!facts.added().isEmpty()) {
            cordons.sayWhoIsDrained(facts);
        }
        boolean manual = state.settings().manual();
        if (facts.added().isEmpty() && (manual || !pass().isDue(facts.atMs()))) {
            return Decision.NOTHING;
        }
        facts.added().forEach(fact -> pass().note(fact.event()));
        if (manual) {
            pass().explainManual(facts);
        } else {
            pass().run(facts);
        }
        return facts.decision();
    }

    private SchedulingPass pass() {
        if (pass == null) {
            PolicySpec policy = state.settings().policy();
            pass = new SchedulingPass(state, () -> policies.apply(policy));
        }
        return pass;
    }

    private void submit(TaskSpec task, Facts facts) {
        if (state.isKnown(task.taskId())) {
            return;
        }
        facts.add(hopeless.reason(Shape.of(task), state.nodes())
                .<ClusterEvent>map(never -> new ClusterEvent.TaskRejected(task, never))
                .orElseGet(() -> new ClusterEvent.TaskSubmitted(task)));
    }

    private void cancel(TaskId taskId, Facts facts) {
        TaskRecord task = state.task(taskId);
        if (task == null || task.state() == TaskState.CANCELLING) {
            return;
        }
        facts.add(
                task.state().holdsGpus()
                        ? new ClusterEvent.CancelRequested(taskId)
                        : new ClusterEvent.TaskCancelled(taskId, 0));
    }
}
