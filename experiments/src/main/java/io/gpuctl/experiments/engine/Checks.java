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
 */
public record Checks(boolean touched, int wholeEvery) {
    /** Checking the whole state of 1,000 nodes and 10,000 tasks takes about 10 ms. */
    public static final Checks NORMAL = new Checks(true, 10_000);

    /** Checks the whole state after each input, for tests. */
    public static final Checks ALL = new Checks(false, 1);

    public Checks {
        if (wholeEvery < 0) {
            throw new IllegalArgumentException("wholeEvery is " + wholeEvery + ", but must not be negative");
        }
    }

    void after(Decision decision, PoolState state, long inputs) {
        if (touched) {
            require(Invariants.violations(state, decision.facts()), decision);
        }
        if (wholeEvery > 0 && inputs % wholeEvery == 0) {
            require(Invariants.violations(state), decision);
        }
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
