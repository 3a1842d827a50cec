package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The facts that one input leads to. Each fact is folded into the state when it is added, so that the next decision
 * sees it.
 */
final class Facts {
    private final PoolState state;
    private final Cause cause;
    private final long atMs;
    private final List<Fact> added = new ArrayList<>();
    private final List<Fact> addedView = Collections.unmodifiableList(added);
    private final List<NodeCommand> commands = new ArrayList<>();

    /**
     * Starts the facts of an input at {@code inputAtMs}. Inputs come from several clocks, and may be late; the facts of
     * a pool do not go back in time.
     */
    Facts(PoolState state, Cause cause, long inputAtMs) {
        this.state = state;
        this.cause = cause;
        atMs = Math.max(inputAtMs, state.lastAtMs());
    }

    private Facts(PoolState state, long atMs) {
        this.state = state;
        cause = Cause.TIMER;
        this.atMs = atMs;
    }

    /** Starts the facts that set the pool's time back. No other facts may be earlier than the facts before them. */
    static Facts settingBack(PoolState state, long nowMs) {
        return new Facts(state, nowMs);
    }

    void add(ClusterEvent event) {
        Fact fact = new Fact(state.pool(), state.sequence() + 1, atMs, cause, event);
        state.apply(fact);
        added.add(fact);
        commands.addAll(NodeCommands.of(fact, state));
    }

    long atMs() {
        return atMs;
    }

    List<Fact> added() {
        return addedView;
    }

    Decision decision() {
        return added.isEmpty() ? Decision.NOTHING : new Decision(added(), Collections.unmodifiableList(commands));
    }
}
