package io.gpuctl.experiments.engine;

import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.Invariants;
import io.gpuctl.orchestrator.core.PoolState;
import java.util.List;

/**
 * The thoroughness with which a run checks its invariants. At its end, every run checks the whole state.
 *
 * @param touched whether to check, after each input, the tasks and nodes that the input's facts are about
 * @param wholeEvery after how many inputs to check the whole state, which takes time in proportion to its size; 0 for
 *     only at the end
 * @param wholeEveryPart after how many inputs, for each node and unfinished task, to check the whole state at the
 *     earliest: so these checks take the same time for each input whatever the size of the state
 */
public record Checks(boolean touched, int wholeEvery, int wholeEveryPart) {
    /** Checking the whole state of 1,000 nodes and 10,000 tasks takes about 10 ms: a tenth of a us for each input. */
    public static final Checks NORMAL = new Checks(true, 10_000, 10);

    /** Checks the whole state after each input, for tests. */
    public static final Checks ALL = new Checks(false, 1, 0);

    public Checks {
        if (wholeEvery < 0 || wholeEveryPart < 0) {
            throw new IllegalArgumentException("wholeEvery is %d and wholeEveryPart %d, but must not be negative"
                    .formatted(wholeEvery, wholeEveryPart));
        }
    }

    /** Checks the tasks and nodes that the facts of a decision are about, if they are to be checked. */
    void touched(Decision decision, PoolState state) {
        if (touched) {
            require(Invariants.violations(state, decision.facts()), decision);
        }
    }

    static void whole(Decision decision, PoolState state) {
        require(Invariants.violations(state), decision);
    }

    /** Returns after how many inputs to check the whole state next. */
    long nextWholeAt(long inputs, PoolState state) {
        if (wholeEvery == 0) {
            return Long.MAX_VALUE;
        }
        long parts = (long) state.nodes().size() + state.tasks().size();
        return inputs + Math.max(wholeEvery, wholeEveryPart * parts);
    }

    static void atEnd(PoolState state) {
        require(Invariants.violations(state), "the end of the run");
    }

    private static void require(List<String> violations, Object after) {
        if (!violations.isEmpty()) {
            throw new InvariantBrokenException("After %s: %s".formatted(after, String.join("; ", violations)));
        }
    }
}
