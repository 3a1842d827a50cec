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
 * Decides for one pool: each input leads to facts, which have been folded into the state when the call returns. The
 * caller writes them to the log, and the commands that follow from them to the nodes. Not thread-safe.
 *
 * <p>Besides the state, which is the fold over the facts, it keeps what may be forgotten at any time: who was heard of
 * when, and which tasks were found not to fit. After a restart that knowledge is built up anew, and no decision differs
 * for it, save that a silent node gets its full time again.
 *
 * <p>An exception from here is a defect; the state must then be thrown away and restored.
 */
public final class PoolOrchestrator {
    /** A pool's time may be ahead by so many times the silence after which a node is lost: by a minute at its default. */
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
     * Decides for a pool from now on.
     *
     * @param state the state so far; belongs to this object from here on
     * @param instanceId which instance this is, for the log
     * @param wanted the operator's settings: a fact brings them into force with the next input if they are not
     * @param policies makes a policy from its specification
     */
    public PoolOrchestrator(
            PoolState state, String instanceId, PoolSettings wanted, Function<PolicySpec, Policy> policies) {
        this(state, instanceId, wanted, policies, new HeartbeatWatch());
    }

    /** As above, with somebody else to say who is silent. */
    public PoolOrchestrator(
            PoolState state,
            String instanceId,
            PoolSettings wanted,
            Function<PolicySpec, Policy> policies,
            Watch watch) {
        this(state, new ClusterEvent.OrchestratorStarted(state.pool(), instanceId), wanted, policies, watch);
    }

    /** One that has decided before: {@code start} is what it wrote first. */
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
     * Goes on in place of one that has decided until now: no fact says that it has started. It lacks what the other one had
     * found out besides the state. So its decisions are the same only from the first input on whose facts include one that
     * {@link #invalidatesVerdicts}.
     *
     * @param state of a pool that is configured
     */
    public static PoolOrchestrator inPlaceOfAnother(
            PoolState state, Function<PolicySpec, Policy> policies, Watch watch) {
        var orchestrator = new PoolOrchestrator(state, "", state.settings(), policies, watch);
        orchestrator.started = true;
        return orchestrator;
    }

    /** Whether the scheduler examines every waiting task again after such a fact, whatever it found before. */
    public static boolean invalidatesVerdicts(ClusterEvent event, boolean manual) {
        return manual ? event instanceof ClusterEvent.SchedulerRan : SchedulingPass.invalidatesVerdicts(event);
    }

    public PoolState state() {
        return state;
    }

    /** Somebody has asked for something, or a node has said something. */
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
            case TaskCommand.ClaimTaskId _ -> {} // Decided by the views, before there is a submission.
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
     * Time has passed. To be called regularly, a few times per {@link PoolSettings#suspectAfterMs}, between inputs; if
     * the calls stop for a while, nodes are not held silent for it.
     *
     * @param nowMs cluster time, ms
     */
    public Decision onTick(long nowMs) {
        return onTick(nowMs, false);
    }

    /**
     * As above.
     *
     * @param heartbeatsWait whether so much waits to be processed that nodes may have spoken and not been heard: then none is
     *     held silent for the time since the last call
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
        // By the time of the facts, which does not go back: the log says no other.
        long atMs = facts.atMs();
        for (TaskId due = state.retryDueBy(atMs); due != null; due = state.retryDueBy(atMs)) {
            facts.add(new ClusterEvent.RetryDue(due));
        }
        return finish(facts);
    }

    /**
     * The pool's time is that of its newest input, and no timer fires before: one input with a wrong time, or a clock that was
     * wrong for an hour, would hold up all retries for as long. The clock that ticks is right.
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
        pass = null; // It remembers times.
        return facts.decision();
    }

    /**
     * When the order of tasks changes next though nothing happens, ms of cluster time: whoever lets time pass by itself
     * must call {@link #onTick} then. Empty if it does not. Other timers are not in it.
     */
    public OptionalLong nextOrderChangeMs() {
        return state.isConfigured() && !state.settings().manual() ? pass().nextChangeMs() : OptionalLong.empty();
    }

    /** How the policy in force sees every node for a task, in the order of the nodes. */
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
