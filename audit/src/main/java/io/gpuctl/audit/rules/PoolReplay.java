package io.gpuctl.audit.rules;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.FactOrder;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.orchestrator.core.IllegalFactException;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.StateChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folds one pool's facts with the orchestrator's own core. Each fact must be legal at its place; after an illegal fact,
 * the fold continues as if the fact had been legal.
 */
final class PoolReplay {
    static final String LEGAL = "legal-steps";

    /** Each illegal fact costs a restore of the whole state. A log with more of them is not folded further. */
    private static final int RESTORES_MAX = 1_000;

    private final Violations violations;
    private final PoolMirror mirror;
    private FactOrder order = FactOrder.START;
    private PoolState state;
    private List<TaskId> forgotten = List.of();
    private int restores;
    private boolean intact = true;

    PoolReplay(PoolId pool, Violations violations) {
        this.violations = violations;
        mirror = new PoolMirror(pool);
        state = new PoolState(pool);
    }

    /** Returns the state so far. Do not keep it: after a violation it is a new object. */
    PoolState state() {
        return state;
    }

    PoolMirror mirror() {
        return mirror;
    }

    /** Returns the finished tasks that the pool forgot with the last fact. */
    List<TaskId> forgotten() {
        return forgotten;
    }

    /**
     * Returns whether every fact so far was the next in sequence and legal: only then does the state match the stored
     * one.
     */
    boolean isIntact() {
        return intact;
    }

    void apply(Place place, Fact fact) {
        forgotten = List.of();
        FactOrder.Step step = order.step(fact);
        order = order.after(fact);
        if (!step.isTaken() || restores > RESTORES_MAX) {
            intact = false;
            return;
        }
        boolean goesBack = fact.atMs() < state.lastAtMs() && !(fact.event() instanceof ClusterEvent.ClockSetBack);
        if (step == FactOrder.Step.BEHIND_GAP || goesBack) {
            restoreAt(place, fact.sequence() - 1, Math.min(fact.atMs(), state.lastAtMs()));
        }
        try {
            state.apply(fact);
            StateChange change = state.drainChanges();
            forgotten = change.finished().entrySet().stream()
                    .filter(entry -> entry.getValue().isEmpty())
                    .map(Map.Entry<TaskId, Optional<io.gpuctl.orchestrator.core.FinishedTask>>::getKey)
                    .toList();
            mirror.take(change);
        } catch (IllegalFactException e) {
            violations.add(LEGAL, place, String.valueOf(e.getMessage()));
            MirrorRepair.follow(fact, mirror);
            restoreAt(place, fact.sequence(), fact.atMs());
        }
    }

    private void restoreAt(Place place, long sequence, long lastAtMs) {
        intact = false;
        restores++;
        if (restores > RESTORES_MAX) {
            violations.add(
                    LEGAL,
                    place,
                    "More than %d facts of pool %s were illegal: those that follow were not folded"
                            .formatted(RESTORES_MAX, state.pool()));
        }
        mirror.moveTo(sequence, lastAtMs);
        state = mirror.toState();
    }
}
