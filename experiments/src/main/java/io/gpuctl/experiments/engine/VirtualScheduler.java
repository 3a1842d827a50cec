package io.gpuctl.experiments.engine;

import io.gpuctl.events.Cause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.Policy;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.ToldWatch;
import io.gpuctl.simulator.model.NodeModel;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * A pool's orchestrator in virtual time: takes inputs one after the other, records its decisions, and hands on the
 * commands. Gets a tick only when one is due: when a task is to be retried, a cordon ends, or the order of tasks
 * changes.
 */
final class VirtualScheduler {
    private static final String INSTANCE = "virtual";

    private final EventLoop loop;
    private final PoolState state;
    private final ToldWatch watch = new ToldWatch();
    private final PoolOrchestrator orchestrator;
    private final Checks checks;
    private final FactSink facts;
    private final TopicSink topics;
    private final Followers followers;
    private final LongConsumer planTick = this::planTick;

    private final InputTopic commands;
    private final InputTopic reports;
    private final InputTopic nodeEvents;
    private final InputTopic conditions;
    private long inputCount;
    private long factCount;
    /** After how many inputs the whole state is checked next. */
    private long wholeCheckAt;

    private long tickAtMs = NodeModel.NEVER;
    private long tickedAtMs = -1;

    /** Carries out decisions. */
    interface Followers {
        void obey(NodeCommand command);

        /** Called when all commands of a decision are obeyed. */
        void read(Decision decision);
    }

    VirtualScheduler(
            VirtualClusterConfig config,
            Function<PolicySpec, Policy> policies,
            FactSink facts,
            TopicSink topics,
            EventLoop loop,
            Followers followers) {
        PoolId pool = config.pool();
        this.loop = loop;
        this.facts = facts;
        this.topics = topics;
        this.followers = followers;
        state = PoolState.unstored(pool);
        orchestrator = new PoolOrchestrator(state, INSTANCE, config.settings(), policies, watch);
        checks = config.checks();
        wholeCheckAt = checks.nextWholeAt(0, state);
        commands = new InputTopic(Topics.TASK_COMMANDS, pool);
        reports = new InputTopic(Topics.TASK_REPORTS, pool);
        nodeEvents = new InputTopic(Topics.NODE_EVENTS, pool);
        conditions = new InputTopic(Topics.NODE_CONDITIONS, pool);
    }

    /** Returns the live state, which the caller must not change. */
    PoolState state() {
        return state;
    }

    /** Returns how many inputs the scheduler has taken. */
    long inputs() {
        return inputCount;
    }

    /** Returns how many facts the scheduler has recorded. */
    long facts() {
        return factCount;
    }

    void take(PoolInput input) {
        requireObeyed(input);
        Cause cause = topic(input).next();
        topics.accept(cause, input);
        follow(orchestrator.on(input, cause));
    }

    /** Requires that no node refuses a command: that would be a defect of the orchestrator or of the node. */
    private static void requireObeyed(PoolInput input) {
        if (input instanceof TaskReport.Failed failed && failed.exitCode() == NodeModel.REFUSED_EXIT_CODE) {
            throw new InvariantBrokenException(
                    "Node %s refused %s: %s".formatted(failed.source().nodeId(), failed.attempt(), failed.message()));
        }
    }

    private InputTopic topic(PoolInput input) {
        return switch (input) {
            case TaskCommand _ -> commands;
            case TaskReport _ -> reports;
            case NodeEvent _ -> nodeEvents;
            case NodeCondition _ -> conditions;
        };
    }

    /** Tells the scheduler that a node has been silent for {@code silentMs}. */
    void miss(NodeId nodeId, long silentMs) {
        watch.seeSilence(nodeId, silentMs);
        Decision decision = orchestrator.onTick(loop.nowMs());
        watch.seeNothing();
        follow(decision);
    }

    private void tick(long atMs) {
        if (tickAtMs == atMs) {
            tickAtMs = NodeModel.NEVER;
            tickedAtMs = atMs;
            follow(orchestrator.onTick(atMs));
        }
    }

    /** Records a decision, has the nodes carry it out, and plans the next tick. */
    private void follow(Decision decision) {
        inputCount++;
        factCount += decision.facts().size();
        for (Fact fact : decision.facts()) {
            facts.accept(fact);
        }
        check(decision);
        for (NodeCommand command : decision.commands()) {
            topics.accept(command);
            followers.obey(command);
        }
        followers.read(decision);
        state.nextRetryAtMs().ifPresent(planTick);
        state.nextCordonEndMs().ifPresent(planTick);
        orchestrator.nextOrderChangeMs().ifPresent(planTick);
    }

    private void check(Decision decision) {
        checks.touched(decision, state);
        if (inputCount >= wholeCheckAt) {
            Checks.whole(decision, state);
            wholeCheckAt = checks.nextWholeAt(inputCount, state);
        }
    }

    private void planTick(long dueMs) {
        // One tick per millisecond is enough: what a tick leaves unchanged is not due.
        long atMs = Math.max(dueMs, Math.max(loop.nowMs(), tickedAtMs + 1));
        if (atMs < tickAtMs) {
            tickAtMs = atMs;
            loop.at(atMs, () -> tick(atMs));
        }
    }
}
