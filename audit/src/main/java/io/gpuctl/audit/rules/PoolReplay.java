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
 * The fold over one pool's facts by the orchestrator's own core. Each fact must be legal where it stands; after one that
 * is not, the fold goes on as if it had been.
 */
final class PoolReplay {
    static final String LEGAL = "legal-steps";

    /** Each costs a restore of the whole state. A log with more is not worth folding on. */
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

    /** The state so far. A new object after a violation: do not keep it. */
    PoolState state() {
        return state;
    }

    PoolMirror mirror() {
        return mirror;
    }

    /** Finished tasks that the last fact made the pool forget. */
    List<TaskId> forgotten() {
        return forgotten;
    }

    /** Whether every fact so far was the next and legal: only then is the state the one that was stored. */
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
